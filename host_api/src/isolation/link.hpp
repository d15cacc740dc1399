// link.hpp - what frames go through: a runner, or a test's script in its place.
#pragma once

#include "isolation/channel.hpp"

namespace msp::isolation {

// How soon a cancel is noticed by whoever waits for the other side.
inline constexpr std::chrono::milliseconds kGlance{20};

class Link {
 public:
   Link() = default;
   Link(const Link&) = delete;
   Link& operator=(const Link&) = delete;
   virtual ~Link() = default;

   // As those of Channel.
   [[nodiscard]] virtual Transfer send(const Frame& frame, Deadline deadline) = 0;
   [[nodiscard]] virtual Transfer receive(Frame& frame, Deadline deadline) = 0;
};

}  // namespace msp::isolation
