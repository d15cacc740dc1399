// clock.hpp - the time as the simulated servers see it.
#pragma once

#include <atomic>
#include <chrono>

namespace msp::sim {

// The system's clock, and what a test put forward. [any-thread]
class Clock {
 public:
   using Time = std::chrono::system_clock::time_point;

   Time now() const { return std::chrono::system_clock::now() + std::chrono::seconds(ahead_.load()); }
   void advance(std::chrono::seconds by) { ahead_ += by.count(); }

 private:
   std::atomic<std::chrono::seconds::rep> ahead_{0};
};

}  // namespace msp::sim
