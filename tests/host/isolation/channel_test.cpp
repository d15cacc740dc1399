#include "isolation/channel.hpp"

#include <gtest/gtest.h>
#if defined(_WIN32)
#include <windows.h>
#else
#include <signal.h>
#include <unistd.h>
#endif

#include <array>
#include <string>
#include <thread>

namespace msp::isolation {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Text {
   static constexpr std::uint8_t kType = 20;
   std::string_view text;
   static void fields(auto& self, auto& wire) { wire.bytes(self.text, kMaxPayload); }
};

Frame text_frame(std::string_view text) { return *encode(Text{text}); }
Deadline soon() { return steady_clock::now() + std::chrono::seconds(60); }
Deadline now() { return steady_clock::now(); }

// What a peer does that knows nothing of frames: how many bytes were moved, and -1 when none could be.
#if defined(_WIN32)
template <class Start>
long long move_raw(const Handle& end, Start start) {
   const Handle event(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
   OVERLAPPED moving{};
   moving.hEvent = event.get();
   DWORD count = 0;
   if (!start(moving) && ::GetLastError() != ERROR_IO_PENDING) return -1;
   return ::GetOverlappedResult(end.get(), &moving, &count, TRUE) ? static_cast<long long>(count) : -1;
}
long long write_raw(const Handle& end, std::string_view bytes) {
   return move_raw(end, [&](OVERLAPPED& writing) {
      return ::WriteFile(end.get(), bytes.data(), static_cast<DWORD>(bytes.size()), nullptr, &writing);
   });
}
long long read_raw(const Handle& end, char* bytes, std::size_t size) {
   return move_raw(end, [&](OVERLAPPED& reading) {
      return ::ReadFile(end.get(), bytes, static_cast<DWORD>(size), nullptr, &reading);
   });
}
#else
long long write_raw(const Handle& end, std::string_view bytes) {
   return ::write(end.get(), bytes.data(), bytes.size());
}
long long read_raw(const Handle& end, char* bytes, std::size_t size) { return ::read(end.get(), bytes, size); }
#endif

class ChannelTest : public testing::Test {
 protected:
   ChannelTest() {
      auto pair = make_channel_pair();
      console = Channel(std::move(pair->console), Channel::Side::console);
      peer = std::move(pair->runner);
   }

   void write_as_peer(std::string_view bytes) {
      ASSERT_EQ(write_raw(peer, bytes), static_cast<long long>(bytes.size()));
   }

   Channel console;
   Handle peer;
   Frame frame;
};

TEST_F(ChannelTest, frames_of_every_size_arrive_whole_and_in_order) {
   Channel runner(std::move(peer), Channel::Side::runner);
   const std::array<std::size_t, 8> sizes{0, 1, 4000, 4096, 4100, 65536, 1000000, kMaxPayload - 4};
   std::thread sender([&] {
      for (const std::size_t size : sizes) {
         EXPECT_EQ(runner.send(text_frame(std::string(size, 'x')), Deadline::max()), Transfer::done);
      }
   });
   for (const std::size_t size : sizes) {
      ASSERT_EQ(console.receive(frame, soon()), Transfer::done);
      EXPECT_EQ(decode<Text>(frame)->text, std::string(size, 'x'));
   }
   sender.join();
}

TEST_F(ChannelTest, several_frames_in_one_piece_are_several_frames) {
   std::string bytes;
   for (const char* text : {"one", "", "three"}) bytes += text_frame(text).bytes();
   write_as_peer(bytes);
   for (const char* text : {"one", "", "three"}) {
      ASSERT_EQ(console.receive(frame, soon()), Transfer::done);
      EXPECT_EQ(decode<Text>(frame)->text, text);
   }
   EXPECT_EQ(console.receive(frame, now()), Transfer::late);
}

TEST_F(ChannelTest, a_frame_that_comes_byte_by_byte_is_one_frame_and_each_wait_may_be_cut_short) {
   const Frame sent = text_frame("slowly");
   for (const char byte : sent.bytes()) {
      EXPECT_EQ(console.receive(frame, now()), Transfer::late);
      write_as_peer({&byte, 1});
   }
   ASSERT_EQ(console.receive(frame, now()), Transfer::done);
   EXPECT_EQ(decode<Text>(frame)->text, "slowly");
}

TEST_F(ChannelTest, a_frame_that_goes_piece_by_piece_is_one_frame_and_each_wait_may_be_cut_short) {
   Channel runner(std::move(peer), Channel::Side::runner);
   const std::string text(std::size_t{4} << 20, 'x');
   const Frame sent = text_frame(text);
   std::thread receiver([&] {
      Frame received;
      ASSERT_EQ(runner.receive(received, soon()), Transfer::done);
      EXPECT_TRUE(decode<Text>(received)->text == text);
   });
   Transfer last = Transfer::late;
   while (last == Transfer::late) last = console.send(sent, now());
   EXPECT_EQ(last, Transfer::done);
   receiver.join();
}

// The bytes come one after the other, each in time for itself.
TEST_F(ChannelTest, the_deadline_is_that_of_the_whole_frame) {
   write_as_peer(text_frame("half").bytes().substr(0, 6));
   const Deadline deadline = now() + milliseconds(20);
   EXPECT_EQ(console.receive(frame, deadline), Transfer::late);
   EXPECT_GE(now(), deadline);
}

TEST_F(ChannelTest, a_deadline_may_lie_as_far_away_as_time_goes) {
   EXPECT_EQ(console.receive(frame, Deadline::min()), Transfer::late);
   write_as_peer(text_frame("now").bytes());
   EXPECT_EQ(console.receive(frame, Deadline::max()), Transfer::done);
}

TEST_F(ChannelTest, a_peer_that_ends_within_a_frame_has_closed_for_good) {
   write_as_peer(text_frame("half").bytes().substr(0, 7));
   peer.close();
   EXPECT_EQ(console.receive(frame, soon()), Transfer::closed);
   EXPECT_EQ(console.receive(frame, soon()), Transfer::closed);
   EXPECT_EQ(console.send(text_frame(""), soon()), Transfer::closed);
}

TEST_F(ChannelTest, what_the_peer_sent_before_its_end_is_read_first) {
   write_as_peer(text_frame("last words").bytes());
   peer.close();
   ASSERT_EQ(console.receive(frame, soon()), Transfer::done);
   EXPECT_EQ(decode<Text>(frame)->text, "last words");
   EXPECT_EQ(console.receive(frame, soon()), Transfer::closed);
}

TEST_F(ChannelTest, writing_to_a_peer_that_is_gone_raises_no_signal) {
   peer.close();
   EXPECT_EQ(console.send(text_frame(std::string(1000, 'x')), soon()), Transfer::closed);
}

TEST_F(ChannelTest, a_size_at_the_bound_is_awaited_and_one_beyond_is_no_frame) {
   const auto header = [](std::size_t size) {
      return std::string{static_cast<char>(size), static_cast<char>(size >> 8U), static_cast<char>(size >> 16U),
                         static_cast<char>(size >> 24U), 20};
   };
   write_as_peer(header(kMaxPayload));
   EXPECT_EQ(console.receive(frame, now()), Transfer::late);

   auto pair = make_channel_pair();
   Channel other(std::move(pair->console), Channel::Side::console);
   peer = std::move(pair->runner);
   write_as_peer(header(kMaxPayload + 1));
   EXPECT_EQ(other.receive(frame, soon()), Transfer::invalid);
   EXPECT_EQ(other.receive(frame, soon()), Transfer::invalid);
}

TEST_F(ChannelTest, a_peer_that_never_reads_holds_nobody_longer_than_the_deadline) {
   const Frame large = text_frame(std::string(kMaxPayload - 4, 'x'));
   const Deadline deadline = now() + milliseconds(20);
   EXPECT_EQ(console.send(large, deadline), Transfer::late);
   EXPECT_GE(now(), deadline);
   EXPECT_EQ(console.send(large, now()), Transfer::late) << "the second time, too";
}

TEST_F(ChannelTest, a_peer_that_reads_slowly_gets_everything) {
   const Frame large = text_frame(std::string(3000000, 'x'));
   std::thread reader([this, &large] {
      std::array<char, 1000> piece{};
      std::size_t left = large.bytes().size();
      while (left != 0) left -= static_cast<std::size_t>(read_raw(peer, piece.data(), piece.size()));
   });
   EXPECT_EQ(console.send(large, soon()), Transfer::done);
   reader.join();
}

#if !defined(_WIN32)
void ignore_alarm(int /*signal*/) {}

// Without SA_RESTART: every wait is interrupted again and again.
TEST_F(ChannelTest, signals_interrupt_nothing) {
   struct sigaction action {};
   action.sa_handler = ignore_alarm;
   struct sigaction before {};
   ASSERT_EQ(::sigaction(SIGUSR1, &action, &before), 0);
   const pthread_t waiting = ::pthread_self();
   const Frame sent = text_frame("undisturbed");
   std::thread sender([&] {
      for (const char byte : sent.bytes()) {
         ::pthread_kill(waiting, SIGUSR1);
         write_as_peer({&byte, 1});
      }
   });
   EXPECT_EQ(console.receive(frame, soon()), Transfer::done);
   sender.join();
   ::sigaction(SIGUSR1, &before, nullptr);
   EXPECT_EQ(decode<Text>(frame)->text, "undisturbed");
}
#endif

}  // namespace
}  // namespace msp::isolation
