// msp/host/browser.hpp - how a console lets a person sign in at a platform in a browser.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "msp/host/result.hpp"
#include "msp/host/secret.hpp"

namespace msp::host {

// One check's way to a person. A console makes it for a check that somebody waits for; the library calls it on the
// check's thread, and never two functions at once.
class Browser {
 public:
   using Clock = std::chrono::steady_clock;

   // What the person opens. `url` is a secret as long as the visit lasts: whoever has it could sign in instead.
   struct Visit {
      std::string url;        // https
      std::string host;       // where the person signs in, for a sentence
      std::string state;      // of a visit that comes back: the value of "state" by which it is known
      std::string user_code;  // of a device code: what the person types there
   };

   Browser() = default;
   Browser(const Browser&) = delete;
   Browser& operator=(const Browser&) = delete;
   virtual ~Browser() = default;

   // Where the platform sends the browser back to: https, or http on this machine's loopback. The same at every call.
   virtual Result<std::string> redirect_uri() = 0;

   // Shows a visit and waits until the browser is back at the redirect address with the right "state". The query that
   // came with it, as it came; nothing after the deadline or a cancel. Whatever comes with another state is not for
   // this visit. What came is kept nowhere.
   virtual std::optional<SecretBytes> wait_for_return(const Visit& visit, Clock::time_point deadline,
                                                      const std::stop_token& cancel) = 0;

   // Shows a visit with its code and returns at once. It stands until the next one, or until the check ends.
   virtual void show_code(const Visit& visit) = 0;
};

}  // namespace msp::host
