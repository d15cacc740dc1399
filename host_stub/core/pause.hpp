// pause.hpp - waiting as a dependency, so that no test waits.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>

namespace msp::console {

struct Pause {
   std::function<std::chrono::steady_clock::time_point()> now;
   // Returns at that time, or at once after a cancel.
   std::function<void(std::chrono::steady_clock::time_point, const std::stop_token&)> until;
};

Pause real_pause();

}  // namespace msp::console
