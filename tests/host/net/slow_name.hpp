// slow_name.hpp - a host name whose look-up takes until it is let go.
#pragma once

namespace msp::host {

// While one exists, the system's getaddrinfo waits for kName; other names are looked up as ever. One at a time.
class SlowName {
 public:
   static constexpr const char* kName = "slow.invalid";

   SlowName();
   ~SlowName();  // lets the look-ups go, and waits for them
   SlowName(const SlowName&) = delete;
   SlowName& operator=(const SlowName&) = delete;

   void wait_until_asked();
};

}  // namespace msp::host
