// latch.hpp - what std::latch is, which misses wake-ups in the standard library that mingw-w64 has here (libstdc++ 12).
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace test_support {

class Latch {
 public:
   explicit Latch(int count) : count_(count) {}

   void count_down() {
      const std::lock_guard lock(mutex_);
      if (--count_ == 0) open_.notify_all();
   }
   // Gives up after a time in which anything would have happened, so that a test fails where it would hang.
   void wait() { (void)wait_for(std::chrono::seconds(20)); }

   // Whether it is open by then.
   [[nodiscard]] bool wait_for(std::chrono::milliseconds limit) {
      std::unique_lock lock(mutex_);
      return open_.wait_for(lock, limit, [this] { return count_ <= 0; });
   }
   void arrive_and_wait() {
      count_down();
      wait();
   }

 private:
   std::mutex mutex_;
   std::condition_variable open_;
   int count_;
};

}  // namespace test_support
