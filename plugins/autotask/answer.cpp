#include "answer.hpp"

#include "msp/sdk/busy.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/refusal_reason.hpp"
#include "msp/sdk/text.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace autotask {
namespace {

using msp::sdk::contains_ignoring_case;
using msp::sdk::Finding;
using msp::sdk::Outcome;

// The thread limit has been seen with other statuses than 429, so its words count as well.
bool is_throttled(int status, std::string_view body) {
   const std::string_view start = body.substr(0, 4096);
   return status == 429 || (status >= 400 && (contains_ignoring_case(start, "thread threshold") ||
                                              contains_ignoring_case(start, "Itgenatr005")));
}

bool is_sign_in_elsewhere(int status, std::string_view body, std::string_view challenge) {
   if (status != 401) return status == 200 && msp::sdk::is_sign_in_page(body);
   if (challenge.empty()) return msp::sdk::looks_like_markup(body);
   return !contains_ignoring_case(challenge, ".autotask.net");
}

Meaning meaning_of(int status, std::string_view body, std::string_view challenge, std::string_view errors) {
   if (is_sign_in_elsewhere(status, body, challenge)) return Meaning::sign_in_elsewhere;
   if (status == 200) return Meaning::document;
   if (status >= 300 && status < 400) return Meaning::redirected;
   if (is_throttled(status, body)) return Meaning::throttled;
   if (contains_ignoring_case(errors, "IntegrationCode is invalid")) return Meaning::integration_code_invalid;
   if (contains_ignoring_case(errors, "Zone information could not be determined")) return Meaning::user_unknown;
   if (status == 401) return Meaning::rejected;
   if ((status == 403 || status == 500) && contains_ignoring_case(errors, "adequate permissions"))
      return Meaning::no_right;
   if (status == 403 && !msp::sdk::looks_like_markup(body))
      return Meaning::forbidden;  // a page with 403 is a gateway's, not Autotask's
   if (!errors.empty()) return Meaning::platform_error;
   if (status == 404 || status == 405) return Meaning::not_there;  // a page too: web servers say it so
   return status >= 500 ? Meaning::outage : Meaning::senseless;
}

constexpr char kUserRecord[] =
    "the API user in Autotask (Admin > Account Settings & Users > Resources/Users (HR) > Resources/Users)";

// In Autotask's own words; nobody has to guess then.
Finding refused_for(msp::sdk::Reason reason, const Answer& answer) {
   using msp::sdk::Reason;
   std::string remedy = std::string("Act on what Autotask says: open ") + kUserRecord +
                        ". Do not try the same password repeatedly: that locks the user.";
   if (reason == Reason::locked)
      remedy = std::string("Unlock ") + kUserRecord + ", then try again. The password entered here may be right.";
   if (reason == Reason::expired)
      remedy = std::string("Open ") + kUserRecord +
               ", generate a new password there and enter it. A security level with \"Not required to change "
               "password\" keeps it from expiring.";
   return Finding::error(msp::sdk::code_of(reason),
                         "Autotask refused the sign-in and gives the reason: \"" + answer.errors + "\"",
                         std::move(remedy))
       .http_status(answer.status);
}

}  // namespace

std::string read_errors(std::string_view body) {
   const auto answer = msp::sdk::Json::parse(body);
   if (!answer) return {};
   std::string joined;
   for (const auto& error : (*answer)["errors"].items()) {
      const std::string_view text = msp::sdk::trim(error.text().value_or(""));
      if (!text.empty()) joined += (joined.empty() ? "" : " ") + std::string(text);
   }
   return joined;
}

Answer read_answer(int status, std::string_view body, std::string_view challenge) {
   Answer answer;
   answer.status = status;
   if (status != 200) answer.errors = read_errors(body);
   answer.meaning = meaning_of(status, body, challenge, answer.errors);
   return answer;
}

Answer read_answer(const msp::sdk::Response& response) {
   Answer answer = read_answer(response.status(), response.body(), response.header("WWW-Authenticate"));
   answer.retry_after = response.retry_after();
   return answer;
}

bool may_pass_alone(const msp::sdk::Response& response) {
   if (msp::sdk::is_busy(response) || msp::sdk::is_broken(response)) return true;
   if (!response.answered()) return false;
   const Meaning meaning = read_answer(response).meaning;
   const bool unreadable = response.status() == 200 && !msp::sdk::Json::parse(response.body());
   return meaning == Meaning::throttled || meaning == Meaning::senseless || unreadable;
}

Outcome outcome_of(const Answer& answer) {
   switch (answer.meaning) {
      case Meaning::rejected:
      case Meaning::integration_code_invalid:
      case Meaning::user_unknown:
      // Whoever forbids, it is an answer, and one that asking again does not change. As a refusal it is also
      // remembered, so credentials that may just have counted as a failed sign-in are not sent once more.
      case Meaning::forbidden:
         return Outcome::refused;
      case Meaning::throttled:
         return Outcome::throttled;
      default:
         return Outcome::unavailable;
   }
}

Finding explain(const Answer& answer, const std::string& asked) {
   const msp::sdk::UnusableAnswer unusable("Autotask", asked, answer.status);
   const std::string says = answer.errors.empty() ? "" : " Autotask says: \"" + answer.errors + "\"";
   const msp::sdk::Reason reason = msp::sdk::reason_of(answer.errors);
   switch (answer.meaning) {
      case Meaning::rejected:
         if (reason != msp::sdk::Reason::none) return refused_for(reason, answer);
         // A 401 looks the same in all these cases, so all are named and none is claimed.
         return Finding::error(
                    "auth.rejected",
                    "Autotask rejected the sign-in and " +
                        (answer.errors.empty() ? "does not say why" : "says only: \"" + answer.errors + "\"") +
                        ". Possible causes: the password is wrong; the "
                        "user name is wrong; the user is not an API-only user; the user is locked, inactive, or its "
                        "password has expired; the tracking identifier does not belong to the user; the tenant has "
                        "moved "
                        "to another zone.",
                    std::string("Check ") + kUserRecord +
                        ": that it is active and not locked, and that its security level is API User (system) or a "
                        "copy of it. Then enter its user name and password again. Do not try the same password "
                        "repeatedly: that locks the user.")
             .http_status(answer.status);
      case Meaning::forbidden:
         if (reason != msp::sdk::Reason::none) return refused_for(reason, answer);
         return Finding::error(
                    "auth.rejected",
                    "Autotask refused the sign-in (HTTP 403) and did not say that it knows the user, so whether the "
                    "credentials are right is not known. Possible causes: the user name or password is wrong; the "
                    "user is locked, inactive, or not allowed to use the interface; Autotask, or a proxy or gateway "
                    "on the way, blocks this console." +
                        says,
                    "Check in Autotask that the API user is active and not locked, and that its security level is "
                    "API User (system) or a copy of it. If so, ask whoever runs the network whether requests to "
                    "Autotask are blocked. Do not try the same password repeatedly: that locks the user.")
             .http_status(answer.status);
      case Meaning::integration_code_invalid:
         return Finding::error("auth.integration_code_invalid",
                               "Autotask does not accept the tracking identifier for this user." + says,
                               "Open the API user in Autotask and compare its API tracking identifier: choose this "
                               "console's vendor there, or enter the custom identifier shown there.")
             .field("integration_code")
             .http_status(answer.status);
      case Meaning::user_unknown:
         return Finding::error("auth.user_unknown",
                               "Autotask knows no user of this name, so it could not tell which zone it is in." + says,
                               "Enter the complete user name (key) of the API user as Autotask shows it, with the "
                               "part after the @. If the user was made just now, wait some minutes and try again: "
                               "Autotask does not know a new user at once.")
             .field("user_name")
             .http_status(answer.status);
      case Meaning::throttled:
         return unusable.throttled(says)
             .remedy(
                 "Wait a few minutes, then try again. If it stays, look for other integrations that use the same "
                 "tracking identifier.")
             .retry_after(answer.retry_after);
      case Meaning::sign_in_elsewhere:
         return unusable.asks_for_sign_in();
      case Meaning::redirected:
         return unusable.redirected();
      case Meaning::platform_error:
         return unusable.failed(says);
      case Meaning::outage:
         return unusable.unavailable().remedy("Look at Autotask's status page and try again later.");
      case Meaning::document:
      case Meaning::no_right:
      case Meaning::not_there:
      case Meaning::senseless:
         break;
   }
   return unusable.unexpected();
}

}  // namespace autotask
