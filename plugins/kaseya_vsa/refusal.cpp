#include "refusal.hpp"

#include "msp/sdk/refusal_reason.hpp"
#include "msp/sdk/text.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace kaseya_vsa {
namespace {

using msp::sdk::contains_ignoring_case;
using msp::sdk::Finding;
using msp::sdk::Outcome;

constexpr char kCreateToken[] =
    "create a token in VSA at System > User Security > Users > (user) > Access Tokens, tick only REST API, and leave "
    "the IP list empty or enter this console's address";

bool ends_in(std::string_view text, std::string_view end) {
   return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// VSA X is known by its domain, or by the envelope {"Data":..., "Meta":{...}} of its interface.
bool is_vsa_x(const Answer& echo, const ServerAddress& server) {
   const std::string host = server.authority.substr(0, server.authority.find(':'));
   return ends_in(host, ".vsax.net") || (echo.document && (*echo.document)["Meta"].exists());
}

Finding wrong_product(const Answer& echo, const ServerAddress& server) {
   const std::string quoted_server = "\"" + server.authority + "\"";
   if (is_vsa_x(echo, server))
      return Finding::error(
          "platform.wrong_product",
          "The server " + quoted_server + " is a VSA X (VSA 10), which is another product with another interface.",
          "Enter the address of a VSA 9 server. For VSA X, ask the console's vendor for a plugin of "
          "its own.");
   const std::string instead =
       echo.status == 200 ? "something else, such as a web page," : "HTTP " + std::to_string(echo.status);
   return Finding::error("platform.wrong_product",
                         "The server " + quoted_server + " does not answer as VSA 9 does: it sent " + instead +
                             " instead. Nothing secret was sent to it.",
                         "Enter the address at which VSA 9 itself is opened in a browser, not that of a portal, help "
                         "or status page. VSA X (VSA 10) is another product and needs a plugin of its own.");
}

constexpr char kCheckToken[] =
    "In VSA, open System > User Security > Users > (user): check that the user is enabled and not locked. On its "
    "Access "
    "Tokens tab, check that the token exists and has not expired, that only REST API is ticked, and that the IP list "
    "is "
    "empty or holds this console's address. If in doubt, create a new token for this user there and enter it. Do not "
    "try the same one repeatedly: that locks the user.";

std::string check_password() {
   return std::string(
              "In VSA, open System > User Security > Users > (user): check that the user is enabled and not locked, "
              "and "
              "set its password again. Or change to an access token: ") +
          kCreateToken + ". Do not try the same password repeatedly: that locks the user.";
}

// In VSA's own words; nobody has to guess then.
Finding refused_for(msp::sdk::Reason reason, const Answer& answer, Method method) {
   std::string remedy = method == Method::token ? kCheckToken : check_password();
   if (reason == msp::sdk::Reason::locked)
      remedy =
          "Unlock the user in VSA at System > User Security > Users > (user), then try again. The credentials entered "
          "here may be right.";
   if (reason == msp::sdk::Reason::expired)
      remedy = contains_ignoring_case(answer.says, "password") || method == Method::password
                   ? "Set a new password for the user in VSA at System > User Security > Users > (user), and enter it "
                     "here if the sign-in is by password."
                   : std::string("To sign in again, ") + kCreateToken + ". Then enter it here.";
   return Finding::error(msp::sdk::code_of(reason),
                         "VSA refused the sign-in and gives the reason: \"" + answer.says + "\"", std::move(remedy));
}

// A 401 or 403 with a web page. What VSA's own refusals look like is recorded nowhere, so it can be one.
Finding unclear(const Answer& answer, Method method) {
   return Finding::error(
       "auth.unclear",
       "The sign-in was refused with a web page (" + codes_of(answer) +
           "), by VSA or by a proxy or gateway in front of it. Whether VSA has seen the credentials is not known.",
       std::string(
           "If a proxy or gateway in front of VSA blocks this console or asks for a sign-in of its own, have it "
           "let this console's requests pass. If there is none, VSA has refused: ") +
           (method == Method::token ? kCheckToken : check_password()));
}

Finding rejected(const Answer& answer, Method method) {
   const msp::sdk::Reason reason = msp::sdk::reason_of(answer.says);
   if (reason != msp::sdk::Reason::none) return refused_for(reason, answer, method);
   const std::string refused = "VSA refused the sign-in (" + codes_of(answer) + ") and " +
                               (answer.says.empty() ? "does not say why" : "says only: \"" + answer.says + "\"") +
                               ". Possible causes: ";
   if (method == Method::token)
      return Finding::error(
          "auth.rejected",
          refused +
              "the token is mistyped, revoked or expired; it was made for "
              "another user; REST API is not ticked on it, or Data Warehouse is; its IP list does not hold the "
              "address this console comes from; the user is disabled or locked.",
          kCheckToken);
   return Finding::error(
       "auth.rejected",
       refused +
           "the password or the user name is wrong; the password has expired; "
           "the user is disabled or locked; the user must confirm each sign-in with a second factor; this server no "
           "longer takes passwords for its REST interface.",
       check_password());
}

}  // namespace

std::optional<Refusal> refusal_of_server(const Answer& echo, const ServerAddress& server) {
   // Any envelope of VSA's is VSA, even one that asks for credentials.
   const bool is_vsa = echo.envelope || contains_ignoring_case(echo.says, "Header missing");
   switch (echo.meaning) {
      case Meaning::no_answer:
      case Meaning::redirected:
      case Meaning::throttled:
      case Meaning::outage:
         return Refusal{outcome_of(echo), explain(echo, "the first question")};
      default:
         break;
   }
   if (is_vsa) return std::nullopt;
   // No credentials are sent here, so whoever wants some, with a page or without a word, is not VSA 9.
   if ((echo.asks_for_sign_in || echo.code == 401) && !is_vsa_x(echo, server))
      return Refusal{
          Outcome::unavailable,
          msp::sdk::UnusableAnswer("VSA", "the first question", echo.status)
              .asks_for_sign_in()
              .remedy("Ask whoever runs the network to let this console's requests to VSA pass without that sign-in. "
                      "If the address is that of a portal, enter the one at which VSA 9 itself is opened. VSA X (VSA "
                      "10) is another product and needs a plugin of its own. Nothing secret was sent.")};
   if (echo.code == 403 && !is_vsa_x(echo, server))  // a gateway's, which says nothing about what is behind it
      return Refusal{Outcome::unavailable, explain(echo, "the first question")};
   return Refusal{Outcome::incompatible, wrong_product(echo, server).field("server")};
}

Refusal refusal_of_sign_in(const Answer& answer, Method method) {
   if (method == Method::token && contains_ignoring_case(answer.says, "Header missing user param"))
      return {Outcome::incompatible,
              Finding::error(
                  "platform.unsupported_version",
                  "This VSA does not know access tokens; it may be older than 9.5.7 (August 2021)." + quoted(answer),
                  "Update VSA, or choose the sign-in with a password.")
                  .http_status(answer.status)
                  .field("auth_method")};
   if (contains_ignoring_case(answer.says, "Header missing authorization"))
      return {Outcome::unavailable,
              Finding::error("platform.unexpected_response",
                             "VSA did not receive the sign-in that was sent." + quoted(answer),
                             "Look for a proxy or gateway between the console and VSA that removes the Authorization "
                             "header, and let it pass.")
                  .http_status(answer.status)};
   if (answer.page && (answer.code == 401 || answer.code == 403))
      return {Outcome::refused, unclear(answer, method).http_status(answer.status)};
   switch (answer.meaning) {
      case Meaning::rejected:
      case Meaning::denied:
      case Meaning::refused:
         return {Outcome::refused, rejected(answer, method).http_status(answer.status)};
      default:
         return {outcome_of(answer), explain(answer, "the sign-in")};
   }
}

}  // namespace kaseya_vsa
