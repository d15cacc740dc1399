// Descriptor 0 is a pipe whose other end only the console holds. When that end closes, for whatever reason, the system
// sends SIGKILL. The signal that prctl(PR_SET_PDEATHSIG) sets comes when the *thread* ends that started this process.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>

#include "confinement.hpp"
#include "descriptors.hpp"
#include "reason.hpp"

namespace msp::runner {

void hold_lifeline(Layers& layers) {
   const int flags = ::fcntl(kLifeline, F_GETFL);
   if (flags < 0 || ::fcntl(kLifeline, F_SETOWN, ::getpid()) != 0 || ::fcntl(kLifeline, F_SETSIG, SIGKILL) != 0 ||
       ::fcntl(kLifeline, F_SETFL, flags | O_ASYNC) != 0) {
      throw NotConfined("The end of the console cannot be watched: " + reason(errno) + ".");
   }
   // The console may have ended before it was watched.
   pollfd lifeline{kLifeline, POLLIN, 0};
   if (::poll(&lifeline, 1, 0) != 0) throw NotConfined("The console has ended.");
   layers.active("lifeline");
}

}  // namespace msp::runner
