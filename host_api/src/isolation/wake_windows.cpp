#include <windows.h>

#include <algorithm>
#include <system_error>
#include <vector>

#include "isolation/wake.hpp"

namespace msp::isolation {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Wake::Wake() : event_(::CreateEventW(nullptr, FALSE, FALSE, nullptr)) {
   if (!event_) {
      throw std::system_error(static_cast<int>(::GetLastError()), std::system_category(),
                              "the keeper of plugin processes");
   }
}

void Wake::call() const noexcept { ::SetEvent(event_.get()); }

// The system waits for 64 things at once. If there are more processes, the others are looked at soon.
void Wake::sleep(const std::list<std::shared_ptr<RunnerProcess>>& processes, Deadline until) const {
   constexpr milliseconds kSoon{50};
   std::vector<HANDLE> events{event_.get()};
   for (const auto& process : processes) {
      if (events.size() < MAXIMUM_WAIT_OBJECTS) events.push_back(process->handle());
   }
   if (events.size() <= processes.size()) until = std::min(until, steady_clock::now() + kSoon);
   DWORD timeout = INFINITE;
   if (until != Deadline::max()) {
      const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
      timeout = static_cast<DWORD>(std::clamp<milliseconds::rep>(left, 0, INFINITE - 1));
   }
   ::WaitForMultipleObjects(static_cast<DWORD>(events.size()), events.data(), FALSE, timeout);
}

}  // namespace msp::isolation
