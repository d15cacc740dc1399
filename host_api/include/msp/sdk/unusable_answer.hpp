// msp/sdk/unusable_answer.hpp - the findings for what every platform sends now and then instead of an answer.
#pragma once

#include <string>
#include <utility>

#include "msp/sdk/call.hpp"
#include "msp/sdk/finding.hpp"
#include "msp/sdk/http.hpp"

namespace msp::sdk {

// Words one answer for people: UnusableAnswer("Autotask", "the zone look-up", 302).redirected(). `says` is the
// platform's own sentence, quoted, or nothing. A platform with better advice replaces the remedy. [any-thread]
class UnusableAnswer {
 public:
   UnusableAnswer(std::string platform, std::string asked, int status)
       : platform_(std::move(platform)), asked_(std::move(asked)), status_(status) {}

   // 3xx: following it would hand the credentials to whoever it names.
   [[nodiscard]] Finding redirected() const {
      return finding("platform.redirected",
                     answered() + "a redirect (" + http() +
                         "), which is not followed because the credentials would be sent along.",
                     "Try again later. If it stays, a proxy or gateway between the console and " + platform_ +
                         " may be the cause.");
   }

   [[nodiscard]] Finding throttled(const std::string& says = {}) const {
      return finding("platform.throttled", platform_ + " is receiving too many requests at the moment." + says,
                     "Wait a few minutes, then try again.");
   }

   [[nodiscard]] Finding unavailable(const std::string& says = {}) const {
      return finding("platform.unavailable",
                     platform_ + " is not available: it answered " + asked_ + " with " + http() + "." + says,
                     "Try again later. If it stays, ask whoever runs " + platform_ + ".");
   }

   // An error in the platform's own words.
   [[nodiscard]] Finding failed(const std::string& says) const {
      return finding("platform.unexpected_response", answered() + "an error (" + http() + ")." + says,
                     "Act on what " + platform_ + " says. The same request would get the same answer again.");
   }

   // A sign-in that is not the platform's own.
   [[nodiscard]] Finding asks_for_sign_in() const {
      return finding("platform.unexpected_response",
                     "Something in front of " + platform_ + " asks for a sign-in: " + asked_ + " was answered with " +
                         http() + " by a proxy or gateway, not by " + platform_ + ".",
                     "Ask whoever runs the network to let this console's requests to " + platform_ +
                         " pass without that sign-in. " + platform_ + " has not judged the credentials entered here.");
   }

   // Whatever came as an answer to a sign-in, its status was lost (Response::lost). It may have been a refusal, so the
   // outcome is `refused`, and the credentials are not sent again on the same connection.
   [[nodiscard]] Finding lost() const {
      return Finding::error(
          "auth.unclear",
          "The answer to " + asked_ + " could not be read, so whether " + platform_ + " refused it is not known.",
          "Check again in a quarter of an hour. If it stays, ask whoever runs the network whether a "
          "proxy or gateway between the console and " +
              platform_ + " changes its answers. Do not try repeatedly: refused sign-ins can lock the user.");
   }

   // A web page, half a document, or one that was not expected.
   [[nodiscard]] Finding unexpected() const {
      return finding("platform.unexpected_response",
                     "The answer to " + asked_ + " (" + http() + ") is not what " + platform_ + " sends.",
                     "Try again later. If it stays, a proxy or gateway between the console and " + platform_ +
                         " may be answering in its place.");
   }

 private:
   [[nodiscard]] std::string answered() const { return platform_ + " answered " + asked_ + " with "; }
   [[nodiscard]] std::string http() const { return "HTTP " + std::to_string(status_); }

   [[nodiscard]] Finding finding(std::string code, std::string summary, std::string remedy) const {
      return Finding::error(std::move(code), std::move(summary), std::move(remedy)).http_status(status_);
   }

   std::string platform_;
   std::string asked_;
   int status_;
};

// Ends an operation at whatever is none of the answers that a plugin knows: at the host's reason where there is no
// answer, else by the status. `asked` is for example "the sign-in". [call-thread]
inline Outcome end_at_unusable(Call& call, const Response& response, const std::string& platform,
                               const std::string& asked) {
   if (!response.answered()) return response.report_problem(call);
   const int status = response.status();
   const UnusableAnswer answer(platform, asked, status);
   if (status == 429) return call.end(Outcome::throttled, answer.throttled().retry_after(response.retry_after()));
   if (status >= 500) return call.end(Outcome::unavailable, answer.unavailable().retry_after(response.retry_after()));
   if (status >= 300 && status < 400) return call.end(Outcome::unavailable, answer.redirected());
   return call.end(Outcome::unavailable, answer.unexpected());
}

}  // namespace msp::sdk
