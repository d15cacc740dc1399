// msp/sdk/busy.hpp - questions to a server, or to a gateway in front of it, that takes only some requests at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "msp/sdk/call.hpp"
#include "msp/sdk/http.hpp"

namespace msp::sdk {

// A status that says that there are too many requests, now. [any-thread]
inline bool is_busy(int status) noexcept { return status == 429 || (status >= 502 && status <= 504); }

// Whether a request was turned away for that: by its status, or by a connection that was not accepted or was closed
// before an answer came. [call-thread]
inline bool is_busy(const Response& response) {
   if (response.answered()) return is_busy(response.status());
   const std::string code = response.problem().code();
   return code == "net.reset" || code == "net.connect";
}

// Whether an answer broke off, or came in a form that is not HTTP's. [call-thread]
inline bool is_broken(const Response& response) {
   return !response.answered() && response.problem().code() == "platform.unexpected_response";
}

// Sends all at once, and what was turned away again, one by one: at most twice each, the second time after half a
// second, and after a Retry-After of at most five seconds. The first that is turned away even alone ends it, because
// the number of requests is not the reason then. Only for questions that change nothing and whose credentials were
// accepted already: a sign-in is never sent twice. `turned_away` is `is_busy`, and may also know broken answers, a
// gateway's pages and the platform's own words. [call-thread]
template <class TurnedAway>
std::vector<Response> send_patiently(const Http& http, Call& call, const std::vector<Request>& requests,
                                     const TurnedAway& turned_away) {
   constexpr int kLongestWait = 5;  // seconds
   std::vector<Response> responses = http.send(call, requests);
   for (std::size_t i = 0; i < requests.size(); ++i) {
      for (const int least_ms : {0, 500}) {
         if (!turned_away(responses[i])) break;
         const int wait = responses[i].answered() ? responses[i].retry_after() : 0;
         if (wait > kLongestWait || !call.wait(static_cast<std::uint32_t>(std::max(wait * 1000, least_ms))))
            return responses;
         responses[i] = http.send(call, requests[i]);
      }
      if (turned_away(responses[i])) return responses;
   }
   return responses;
}

}  // namespace msp::sdk
