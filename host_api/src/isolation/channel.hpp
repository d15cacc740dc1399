// channel.hpp - frames over a pair of connected ends, one for each side (channel_posix.cpp, channel_windows.cpp).
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "isolation/frame.hpp"
#include "isolation/handle.hpp"

namespace msp::isolation {

using Deadline = std::chrono::steady_clock::time_point;

enum class Transfer {
   done,
   late,    // the deadline passed first
   closed,  // the peer ended, between two frames or within one
   invalid  // the peer sent what is no frame
};

// Not thread-safe.
class Channel {
 public:
   // The console's end never waits longer than the caller's deadline and never raises SIGPIPE. On Linux the runner's
   // end waits as long as it takes, with no system call but read and write.
   enum class Side { console, runner };

   Channel() = default;
   Channel(Handle end, Side side) noexcept : end_(std::move(end)), side_(side) {}

   // After `late` the caller may ask again for the same frame, and for no other: what was sent of it is not sent again.
   [[nodiscard]] Transfer send(const Frame& frame, Deadline deadline);

   // After `late` the caller may ask again: what has arrived of a frame is kept. `closed` and `invalid` stay.
   [[nodiscard]] Transfer receive(Frame& frame, Deadline deadline);

   // Whether something has arrived by then: a frame, the beginning of one, or the channel's end.
   [[nodiscard]] bool await(Deadline deadline);

 private:
   [[nodiscard]] bool take_frame(Frame& frame);
   [[nodiscard]] Transfer read_more(Deadline deadline);

   // The system's part: as many bytes as go at once, at least one when `done`.
   [[nodiscard]] Transfer read_some(char* bytes, std::size_t size, std::size_t& count, Deadline deadline);
   [[nodiscard]] Transfer write_some(std::string_view bytes, std::size_t& count, Deadline deadline);

   Handle end_;
   Side side_ = Side::console;
   WipedBytes received_;   // of the frame that is arriving, and perhaps of those after it
   std::size_t size_ = 0;  // how much of received_ has arrived
   std::size_t sent_ = 0;  // how much of the frame that is being sent has gone
   Transfer state_ = Transfer::done;
#if defined(_WIN32)
   struct Writing;
   struct EndWriting {
      void operator()(Writing* writing) const noexcept;
   };
   std::unique_ptr<Writing, EndWriting> writing_;  // a piece that the system has not taken yet
#endif
};

// The console's end, which never blocks, and the end that its runner inherits. Other programs inherit neither.
struct ChannelPair {
   Handle console;
   Handle runner;
};
// Nothing when the system refuses; its last error says why.
[[nodiscard]] std::optional<ChannelPair> make_channel_pair();

}  // namespace msp::isolation
