#include <cstdio>
#include <cstdlib>

#include "cli/application.hpp"
#include "cli/terminal.hpp"
#include "msp/host/process.hpp"

int main(int argc, char** argv) {
   msp::host::disable_core_dumps();
   msp::console::prepare_process();
   const int code = msp::console::run(argc, argv);
   if (msp::host::has_stuck_load()) {  // the system's loader, which would be asked on the way out, is locked by it
      std::fflush(nullptr);
      std::_Exit(code);
   }
   return code;
}
