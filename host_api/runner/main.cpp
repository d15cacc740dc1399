// msp-plugin-runner - a process for one plugin and one connection. A console starts it, see
// isolation/runner_keeper.hpp.
#include "own_process.hpp"
#include "plugin_service.hpp"

// The plugin's destructors do not run: the console has what it wants, and they could only hang.
int main() {
   msp::runner::PluginService service;
   msp::runner::end_process(msp::runner::run(service));
}
