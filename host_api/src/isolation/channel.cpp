#include "isolation/channel.hpp"

#include <algorithm>

namespace msp::isolation {
namespace {

constexpr std::size_t kChunk = 4096;

}  // namespace

Transfer Channel::send(const Frame& frame, Deadline deadline) {
   const std::string_view bytes = frame.bytes();
   while (state_ == Transfer::done && sent_ < bytes.size()) {
      std::size_t count = 0;
      const Transfer wrote = write_some(bytes.substr(sent_), count, deadline);
      if (wrote == Transfer::late) return wrote;
      sent_ += count;
      state_ = wrote;
   }
   sent_ = 0;
   return state_;
}

// A whole frame at the front of what has arrived, if there is one.
bool Channel::take_frame(Frame& frame) {
   if (size_ < kFrameHeader) return false;
   const std::size_t payload = payload_size(received_.data());
   if (payload > kMaxPayload) {
      state_ = Transfer::invalid;
      return true;
   }
   const std::size_t whole = kFrameHeader + payload;
   if (size_ < whole) return false;
   WipedBytes rest(received_.view().substr(whole, size_ - whole));
   received_.resize(whole);
   size_ = rest.size();
   frame = Frame(std::exchange(received_, std::move(rest)));
   return true;
}

// Room grows with what arrives, not with the size that a frame claims.
Transfer Channel::read_more(Deadline deadline) {
   if (received_.size() - size_ < kChunk / 2) received_.resize(std::max(kChunk, received_.size() * 2));
   std::size_t count = 0;
   const Transfer read = read_some(received_.data() + size_, received_.size() - size_, count, deadline);
   size_ += count;
   return read;
}

Transfer Channel::receive(Frame& frame, Deadline deadline) {
   while (state_ == Transfer::done && !take_frame(frame)) {
      const Transfer read = read_more(deadline);
      if (read == Transfer::late) return read;
      state_ = read;
   }
   return state_;
}

}  // namespace msp::isolation
