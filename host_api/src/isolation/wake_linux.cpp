// On Linux the keeper sleeps on an eventfd and on the descriptors of its processes.
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>
#include <vector>

#include "isolation/wake.hpp"

namespace msp::isolation {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Wake::Wake() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
   if (!event_) throw std::system_error(errno, std::generic_category(), "the keeper of plugin processes");
}

void Wake::call() const noexcept { static_cast<void>(!::eventfd_write(event_.get(), 1)); }

void Wake::sleep(const std::list<std::shared_ptr<RunnerProcess>>& processes, Deadline until) const {
   std::vector<pollfd> events{{event_.get(), POLLIN, 0}};
   for (const auto& process : processes) events.push_back({process->handle(), POLLIN, 0});
   int timeout = -1;
   if (until != Deadline::max()) {
      const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
      timeout = static_cast<int>(std::clamp<milliseconds::rep>(left, 0, INT_MAX));
   }
   ::poll(events.data(), events.size(), timeout);
   eventfd_t count = 0;
   static_cast<void>(!::eventfd_read(event_.get(), &count));
}

}  // namespace msp::isolation
