#include <cstdio>
#include <cstdlib>

#include "cli/application.hpp"
#include "cli/exit_code.hpp"
#include "cli/terminal.hpp"
#include "msp/host/process.hpp"

namespace {

bool is_done = false;

// A plugin in this process that calls exit() must not let the command look done.
void end_undone() {
   if (!is_done) std::_Exit(static_cast<int>(msp::console::ExitCode::plugin_unusable));
}

bool may_leave_main() {
#ifdef MSP_SANITIZED  // whose look for leaks, and whose exit code, is on that way
   return !msp::host::has_stuck_load();
#else
   return !msp::host::has_plugin_code();
#endif
}

}  // namespace

int main(int argc, char** argv) {
   msp::host::disable_core_dumps();
   msp::console::prepare_process();
   std::atexit(end_undone);
   const int code = msp::console::run(argc, argv);
   is_done = true;
   if (!may_leave_main()) {
      std::fflush(nullptr);
      std::_Exit(code);
   }
   return code;
}
