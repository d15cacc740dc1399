// delay_relay.hpp - a TCP relay that makes loopback as slow as a distance: every byte arrives half a round trip later.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

namespace msp::bench {

// Relays 127.0.0.1:port() to 127.0.0.1:`target_port` on its own thread. The connection's own round trip, which loopback
// answers at once, is added to the first bytes of the client.
class DelayRelay {
 public:
   DelayRelay(std::uint16_t target_port, std::chrono::milliseconds round_trip);
   ~DelayRelay();
   DelayRelay(const DelayRelay&) = delete;
   DelayRelay& operator=(const DelayRelay&) = delete;

   [[nodiscard]] std::uint16_t port() const noexcept;

   // For every byte that comes from now on. [any-thread]
   void set_round_trip(std::chrono::milliseconds round_trip) noexcept;

 private:
   struct State;
   std::unique_ptr<State> state_;
};

}  // namespace msp::bench
