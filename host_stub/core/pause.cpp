#include "core/pause.hpp"

#include <condition_variable>
#include <mutex>

namespace msp::console {

Pause real_pause() {
   return {[] { return std::chrono::steady_clock::now(); },
           [](std::chrono::steady_clock::time_point time, const std::stop_token& cancel) {
              std::mutex mutex;
              std::unique_lock lock(mutex);
              std::condition_variable_any cancelled;
              cancelled.wait_until(lock, cancel, time, [] { return false; });
           }};
}

}  // namespace msp::console
