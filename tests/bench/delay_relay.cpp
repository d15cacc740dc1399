#include "delay_relay.hpp"

#include <array>
#include <atomic>
#include <boost/asio.hpp>
#include <deque>
#include <thread>
#include <vector>

namespace msp::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

// One direction of one connection: reads at once, writes each piece when its time has come.
class Flow : public std::enable_shared_from_this<Flow> {
 public:
   using RoundTrip = std::atomic<Clock::duration>;

   Flow(std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to, const RoundTrip& round_trip,
        Clock::duration first_delay)
       : from_(std::move(from)),
         to_(std::move(to)),
         timer_(from_->get_executor()),
         round_trip_(round_trip),
         extra_(first_delay) {}

   void read() {
      from_->async_read_some(asio::buffer(buffer_), [self = shared_from_this()](auto error, std::size_t size) {
         const auto due = Clock::now() + self->round_trip_.load() / 2 + self->extra_;
         self->pieces_.push_back({due, {self->buffer_.begin(), self->buffer_.begin() + static_cast<long>(size)}});
         if (self->pieces_.size() == 1) self->wait();
         if (!error) self->read();
      });
   }

 private:
   struct Piece {
      Clock::time_point due;
      std::vector<char> bytes;  // empty: the end
   };

   void wait() {
      timer_.expires_at(pieces_.front().due);
      timer_.async_wait([self = shared_from_this()](auto) { self->write(); });
   }

   void write() {
      extra_ = {};
      if (pieces_.front().bytes.empty()) {
         boost::system::error_code ignored;
         to_->shutdown(tcp::socket::shutdown_send, ignored);
         return;
      }
      asio::async_write(*to_, asio::buffer(pieces_.front().bytes),
                        [self = shared_from_this()](auto error, std::size_t) {
                           self->pieces_.pop_front();
                           if (!error && !self->pieces_.empty()) self->wait();
                        });
   }

   std::shared_ptr<tcp::socket> from_;
   std::shared_ptr<tcp::socket> to_;
   asio::steady_timer timer_;
   const RoundTrip& round_trip_;
   Clock::duration extra_;
   std::array<char, 16384> buffer_{};
   std::deque<Piece> pieces_;
};

}  // namespace

struct DelayRelay::State {
   State(std::uint16_t target, std::chrono::milliseconds trip)
       : acceptor(context, {asio::ip::address_v4::loopback(), 0}), target_port(target), round_trip(trip) {}

   void accept() {
      auto client = std::make_shared<tcp::socket>(context);
      acceptor.async_accept(*client, [this, client](auto error) {
         if (error) return;
         auto server = std::make_shared<tcp::socket>(context);
         server->connect({asio::ip::address_v4::loopback(), target_port}, error);
         if (!error) {
            client->set_option(tcp::no_delay(true));
            server->set_option(tcp::no_delay(true));
            std::make_shared<Flow>(client, server, round_trip, round_trip.load())->read();
            std::make_shared<Flow>(server, client, round_trip, Clock::duration{})->read();
         }
         accept();
      });
   }

   asio::io_context context;
   tcp::acceptor acceptor;
   std::uint16_t target_port;
   Flow::RoundTrip round_trip;
   std::thread thread;
};

DelayRelay::DelayRelay(std::uint16_t target_port, std::chrono::milliseconds round_trip)
    : state_(std::make_unique<State>(target_port, round_trip)) {
   state_->accept();
   state_->thread = std::thread([this] { state_->context.run(); });
}

DelayRelay::~DelayRelay() {
   state_->context.stop();
   state_->thread.join();
}

void DelayRelay::set_round_trip(std::chrono::milliseconds round_trip) noexcept { state_->round_trip = round_trip; }

std::uint16_t DelayRelay::port() const noexcept { return state_->acceptor.local_endpoint().port(); }

}  // namespace msp::bench
