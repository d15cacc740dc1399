// sign_in_returns.hpp - browsers that a platform sends back after a person signed in there.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "msp/host/secret.hpp"
#include "web/http_server.hpp"

namespace msp::console {

// Each sign-in is known by its state, which nobody can guess; so who comes back needs no session of the page, whose
// cookie a browser does not send along from another site. [any-thread]
class SignInReturns {
 public:
   using Clock = std::chrono::steady_clock;

   // Below the page's own address, or that of a command that listens.
   static constexpr std::string_view kPath = "/callback";

   // A sign-in that may come back while this lives.
   class Expected {
    public:
      Expected(SignInReturns& returns, std::string state);
      ~Expected();
      Expected(const Expected&) = delete;
      Expected& operator=(const Expected&) = delete;

      // The query with which it came back; nothing by the deadline or after a cancel. It is kept nowhere else.
      std::optional<host::SecretBytes> wait(Clock::time_point deadline, const std::stop_token& cancel);

    private:
      SignInReturns& returns_;
      const std::string state_;
   };

   // Whether somebody waits for the sign-in whose state stands in this query.
   bool deliver(std::string_view query);

   // The same for the address that a browser ended at, as a person copies it.
   bool deliver_address(std::string_view address);

   // Answers a request below kPath: takes the query out of the browser's history, and says in words what follows.
   HttpResponse answer(HttpRequest&& request);

 private:
   std::mutex mutex_;
   std::condition_variable came_back_;
   std::map<std::string, host::SecretBytes, std::less<>> expected_;  // by state; empty until it came back
};

}  // namespace msp::console
