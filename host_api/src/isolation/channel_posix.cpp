#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

#include "isolation/channel.hpp"

namespace msp::isolation {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kChunk = 4096;

// Rounded up, so that a wait never ends before its deadline. -1 is for ever.
int remaining_ms(Deadline deadline) {
   if (deadline == Deadline::max()) return -1;
   const Deadline now = std::chrono::steady_clock::now();
   if (deadline <= now) return 0;
   return static_cast<int>(
       std::min<milliseconds::rep>(std::chrono::ceil<milliseconds>(deadline - now).count(), INT_MAX));
}

// errno of a failed transfer.
Transfer failure(int error) { return error == EAGAIN || error == EWOULDBLOCK ? Transfer::late : Transfer::closed; }

}  // namespace

Transfer Channel::wait_for(short events, Deadline deadline) const {
   pollfd wanted{descriptor_.get(), events, 0};
   for (;;) {
      const int count = ::poll(&wanted, 1, remaining_ms(deadline));
      if (count > 0) return Transfer::done;
      if (count == 0) return Transfer::late;
      if (errno != EINTR) return Transfer::closed;
   }
}

Transfer Channel::send(const Frame& frame, Deadline deadline) {
   std::string_view rest = frame.bytes();
   while (state_ == Transfer::done && !rest.empty()) {
      const ssize_t count = side_ == Side::console ? ::send(descriptor_.get(), rest.data(), rest.size(), MSG_NOSIGNAL)
                                                   : ::write(descriptor_.get(), rest.data(), rest.size());
      if (count >= 0) {
         rest.remove_prefix(static_cast<std::size_t>(count));
         continue;
      }
      if (errno == EINTR) continue;
      state_ = failure(errno);
      if (state_ == Transfer::late) state_ = wait_for(POLLOUT, deadline);
   }
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
   for (;;) {
      const ssize_t count = ::read(descriptor_.get(), received_.data() + size_, received_.size() - size_);
      if (count > 0) {
         size_ += static_cast<std::size_t>(count);
         return Transfer::done;
      }
      if (count == 0) return Transfer::closed;
      if (errno == EINTR) continue;
      if (failure(errno) == Transfer::closed) return Transfer::closed;
      const Transfer waited = wait_for(POLLIN, deadline);
      if (waited != Transfer::done) return waited;
   }
}

Transfer Channel::receive(Frame& frame, Deadline deadline) {
   while (state_ == Transfer::done && !take_frame(frame)) {
      const Transfer read = read_more(deadline);
      if (read == Transfer::late) return read;
      state_ = read;
   }
   return state_;
}

bool Channel::await(Deadline deadline) const { return size_ > 0 || wait_for(POLLIN, deadline) != Transfer::late; }

std::optional<ChannelPair> make_channel_pair() {
   std::array<int, 2> ends{};
   if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return std::nullopt;
   ChannelPair pair{Descriptor(ends[0]), Descriptor(ends[1])};
   if (::fcntl(pair.console.get(), F_SETFL, O_NONBLOCK) != 0) return std::nullopt;
   return pair;
}

}  // namespace msp::isolation
