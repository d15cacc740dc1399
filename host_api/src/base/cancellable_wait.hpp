// cancellable_wait.hpp - a wait that a stop token ends, too.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace msp::host {

// Until the condition holds, the deadline or a cancel; whether it holds then.
template <class Condition>
bool wait_until(std::condition_variable_any& changed, std::unique_lock<std::mutex>& lock, const std::stop_token& cancel,
                std::chrono::steady_clock::time_point deadline, Condition condition) {
#ifdef __MINGW32__
   // Without futexes libstdc++ 12 can miss the wake-up that a std::stop_callback waits for in its destructor, and then
   // waits for good. So nobody calls back here, and somebody looks.
   constexpr std::chrono::milliseconds kSoonEnough{20};
   while (!condition()) {
      const auto now = std::chrono::steady_clock::now();
      if (cancel.stop_requested() || now >= deadline) return false;
      changed.wait_until(lock, std::min(deadline, now + kSoonEnough));
   }
   return true;
#else
   return changed.wait_until(lock, cancel, deadline, std::move(condition));
#endif
}

}  // namespace msp::host
