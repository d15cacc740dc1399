#include <windows.h>

#include "msp/host/process.hpp"

namespace msp::host {

// Error reporting is what writes a process's memory to disk: a process that opted out of its box is not reported.
void disable_core_dumps() noexcept { SetErrorMode(GetErrorMode() | SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX); }

}  // namespace msp::host
