// debugger.hpp - waits for whoever wants to look into a runner (debugger_linux.cpp).
#pragma once

#include <sys/types.h>

#include <stop_token>

namespace msp::isolation {

// Until a debugger is attached to the process, the process is gone, or nobody wants it any more.
void wait_for_debugger(pid_t process, const std::stop_token& unwanted);

}  // namespace msp::isolation
