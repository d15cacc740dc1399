// msp-plugin-runner - a process for one plugin and one connection. A console starts it, see
// isolation/runner_keeper.hpp.
#include <unistd.h>

#include "plugin_service.hpp"

// The plugin's destructors do not run: the console has what it wants, and they could only hang.
int main() {
   msp::runner::PluginService service;
   ::_exit(msp::runner::run(service));
}
