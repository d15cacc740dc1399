#include <sys/resource.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include "msp/host/process.hpp"

namespace msp::host {

void disable_core_dumps() noexcept {
   const rlimit none{0, 0};
   setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__)
   // A core_pattern that pipes ignores the limit; this also keeps other processes of the user from attaching.
   prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

}  // namespace msp::host
