// latch.hpp - what std::latch is, which misses wake-ups in the standard library that mingw-w64 has here (libstdc++ 12).
#pragma once

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
   void wait() {
      std::unique_lock lock(mutex_);
      open_.wait(lock, [this] { return count_ <= 0; });
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
