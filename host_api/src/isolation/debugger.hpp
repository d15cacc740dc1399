// debugger.hpp - waits for whoever wants to look into a runner (debugger_linux.cpp).
#pragma once

#include <sys/types.h>

namespace msp::isolation {

// Until a debugger is attached to the process, or the process is gone.
void wait_for_debugger(pid_t process);

}  // namespace msp::isolation
