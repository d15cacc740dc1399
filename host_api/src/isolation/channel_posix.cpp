// A channel on POSIX is a pair of connected sockets.
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

// Rounded up, so that a wait never ends before its deadline. -1 is for ever.
int remaining_ms(Deadline deadline) {
   if (deadline == Deadline::max()) return -1;
   const Deadline now = std::chrono::steady_clock::now();
   if (deadline <= now) return 0;
   return static_cast<int>(
       std::min<milliseconds::rep>(std::chrono::ceil<milliseconds>(deadline - now).count(), INT_MAX));
}

Transfer wait_for(const Descriptor& end, short events, Deadline deadline) {
   pollfd wanted{end.get(), events, 0};
   for (;;) {
      const int count = ::poll(&wanted, 1, remaining_ms(deadline));
      if (count > 0) return Transfer::done;
      if (count == 0) return Transfer::late;
      if (errno != EINTR) return Transfer::closed;
   }
}

// Tries until it moves something, fails, or the deadline passes.
template <class Move>
Transfer move_some(const Descriptor& end, short events, Deadline deadline, std::size_t& count, Move move) {
   for (;;) {
      const ssize_t moved = move();
      if (moved > 0) {
         count = static_cast<std::size_t>(moved);
         return Transfer::done;
      }
      if (moved == 0) return Transfer::closed;
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) return Transfer::closed;
      if (const Transfer waited = wait_for(end, events, deadline); waited != Transfer::done) return waited;
   }
}

}  // namespace

Transfer Channel::write_some(std::string_view bytes, std::size_t& count, Deadline deadline) {
   return move_some(end_, POLLOUT, deadline, count, [&] {
      return side_ == Side::console ? ::send(end_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL)
                                    : ::write(end_.get(), bytes.data(), bytes.size());
   });
}

Transfer Channel::read_some(char* bytes, std::size_t size, std::size_t& count, Deadline deadline) {
   return move_some(end_, POLLIN, deadline, count, [&] { return ::read(end_.get(), bytes, size); });
}

bool Channel::await(Deadline deadline) { return size_ > 0 || wait_for(end_, POLLIN, deadline) != Transfer::late; }

std::optional<ChannelPair> make_channel_pair() {
   std::array<int, 2> ends{};
   if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return std::nullopt;
   ChannelPair pair{Descriptor(ends[0]), Descriptor(ends[1])};
   if (::fcntl(pair.console.get(), F_SETFL, O_NONBLOCK) != 0) return std::nullopt;
   return pair;
}

}  // namespace msp::isolation
