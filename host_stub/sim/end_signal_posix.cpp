#include "sim/end_signal.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace msp::sim {

EndSignal::EndSignal() {
   sigset_t ends;
   sigemptyset(&ends);
   sigaddset(&ends, SIGINT);
   sigaddset(&ends, SIGTERM);
   pthread_sigmask(SIG_BLOCK, &ends, nullptr);
   signals_ = signalfd(-1, &ends, SFD_CLOEXEC);
   if (signals_ < 0) throw std::system_error(errno, std::generic_category(), "Signals cannot be waited for");
}

EndSignal::~EndSignal() { close(signals_); }

void EndSignal::wait(bool until_stdin_closes) const {
   std::array<pollfd, 2> events = {pollfd{signals_, POLLIN, 0}, pollfd{STDIN_FILENO, POLLIN, 0}};
   const nfds_t watched = until_stdin_closes ? 2 : 1;
   while (true) {
      if (poll(events.data(), watched, -1) < 0) {
         if (errno == EINTR) continue;
         throw std::system_error(errno, std::generic_category(), "Waiting for the end failed");
      }
      if (events[0].revents != 0) return;
      std::array<char, 256> ignored{};
      if (events[1].revents != 0 && read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0) return;
   }
}

}  // namespace msp::sim
