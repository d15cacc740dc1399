// activity.hpp - what a server is doing, for tests to count and to wait for.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "sim/wire/https_server.hpp"

namespace msp::sim {

// Numbers that tests read, and wait for, while the server runs.
class Activity {
 public:
   template <typename Change>
   auto change(Change change) {
      const std::scoped_lock lock(mutex_);
      changed_.notify_all();
      return change(counters_);
   }

   Counters counters() const {
      const std::scoped_lock lock(mutex_);
      return counters_;
   }

   bool wait_for(const std::function<bool(const Counters&)>& condition, std::chrono::milliseconds limit) const {
      std::unique_lock lock(mutex_);
      return changed_.wait_for(lock, limit, [&] { return condition(counters_); });
   }

 private:
   mutable std::mutex mutex_;
   mutable std::condition_variable changed_;
   Counters counters_;
};

}  // namespace msp::sim
