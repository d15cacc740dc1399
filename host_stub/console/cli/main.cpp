#include "application.hpp"
#include "msp/host/host.hpp"
#include "terminal.hpp"

int main(int argc, char** argv) {
   msp::host::disable_core_dumps();
   msp::console::prepare_process();
   return msp::console::run(argc, argv);
}
