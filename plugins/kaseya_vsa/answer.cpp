#include "answer.hpp"

#include "msp/sdk/busy.hpp"
#include "msp/sdk/text.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace kaseya_vsa {
namespace {

using msp::sdk::Finding;
using msp::sdk::JsonValue;
using msp::sdk::Outcome;

bool is_error(int code) { return code != 0 && (code < 200 || code > 299); }

// 401, "401" and 4010001 are the same.
int three_digits(std::int64_t code) {
   const std::int64_t shortened = code >= 1'000'000 ? code / 10'000 : code;
   return shortened >= 0 && shortened <= 999 ? static_cast<int>(shortened) : -1;
}

// What the envelope says: 0 for success, -1 for a code that cannot be read.
int code_of(JsonValue code) {
   if (!code.exists() || code.is_null()) return 0;
   const auto number = code.integer();
   return number ? three_digits(*number) : -1;
}

bool is_no_error(JsonValue error) {
   if (!error.exists() || error.is_null()) return true;
   const auto text = error.text();
   return text && (text->empty() || *text == "None");
}

// An error may also come as a bare text, in JSON or not; a web page is no text for people. Whole: the host takes
// secrets out of it, and could not find half of one.
std::string text_of(const Answer& answer, std::string_view body) {
   std::string_view text;
   if (!answer.document) {
      text = body;
   } else if (const JsonValue root = answer.document->root(); !root.is_object()) {
      text = root.text().value_or("");
   } else if (!is_no_error(root["Error"])) {
      text = root["Error"].text().value_or("");
   } else {
      text = root["Message"].text().value_or("");
   }
   text = msp::sdk::trim(text);
   return msp::sdk::looks_like_markup(text) ? std::string() : std::string(text);
}

Meaning meaning_of(const Answer& answer) {
   switch (answer.code) {
      case 401:
         return Meaning::rejected;
      case 403:
         // A page may be a gateway's, which says nothing about VSA.
         return answer.page ? Meaning::senseless : Meaning::denied;
      case 404:
         return Meaning::not_there;
      case 429:
         return Meaning::throttled;
      default:
         break;
   }
   if (answer.code == answer.status && answer.code >= 300 && answer.code < 400) return Meaning::redirected;
   if (answer.code >= 400 && answer.code < 500) return Meaning::refused;
   if (answer.code >= 500) return Meaning::outage;
   return Meaning::senseless;
}

bool is_envelope(JsonValue root) {
   return root["ResponseCode"].exists() || (root["Result"].exists() && root["Status"].exists());
}

}  // namespace

JsonValue Answer::result() const noexcept { return document ? (*document)["Result"] : JsonValue(); }

Answer read_answer(int status, std::string_view body, std::string_view challenge) {
   Answer answer;
   answer.status = status;
   answer.document = msp::sdk::Json::parse(body);
   const JsonValue root = answer.document ? answer.document->root() : JsonValue();
   answer.envelope = is_envelope(root);
   answer.page = msp::sdk::looks_like_markup(body);
   answer.asks_for_sign_in = status == 401 ? answer.page || !challenge.empty() : msp::sdk::is_sign_in_page(body);

   const int envelope_code = code_of(root["ResponseCode"]);
   const bool success = status >= 200 && status <= 299 && !is_error(envelope_code) && is_no_error(root["Error"]);
   if (success && (root.is_object() || (status == 204 && body.empty()))) {
      answer.meaning = Meaning::document;
      return answer;
   }
   const bool envelope_tells = envelope_code > 0 || !is_error(status);  // a code that cannot be read does not
   answer.code = is_error(envelope_code) && envelope_tells ? envelope_code : status;
   answer.says = text_of(answer, body);
   answer.meaning = meaning_of(answer);
   if (answer.meaning == Meaning::senseless && !is_no_error(root["Error"])) answer.meaning = Meaning::refused;
   return answer;
}

Answer read_answer(const msp::sdk::Response& response) {
   if (!response.answered()) {
      Answer answer;
      answer.meaning = Meaning::no_answer;
      answer.problem = response.problem();
      answer.problem_outcome = response.outcome();
      answer.lost = response.lost();
      return answer;
   }
   Answer answer = read_answer(response.status(), response.body(), response.header("WWW-Authenticate"));
   answer.retry_after = response.retry_after();
   return answer;
}

bool may_pass_alone(const msp::sdk::Response& response) {
   if (msp::sdk::is_busy(response) || msp::sdk::is_broken(response)) return true;
   if (!response.answered()) return false;
   const Answer answer = read_answer(response);
   return msp::sdk::is_busy(answer.code) || answer.meaning == Meaning::senseless;
}

Outcome outcome_of(const Answer& answer) {
   switch (answer.meaning) {
      case Meaning::throttled:
         return Outcome::throttled;
      case Meaning::no_answer:
         return answer.problem_outcome;
      default:
         return Outcome::unavailable;
   }
}

Finding explain(const Answer& answer, const std::string& asked) {
   const msp::sdk::UnusableAnswer unusable("VSA", asked, answer.status);
   switch (answer.meaning) {
      case Meaning::no_answer:
         return *answer.problem;
      case Meaning::redirected:
         return unusable.redirected().remedy(
             "Enter the address that the browser shows once VSA is open. If it is that one, a proxy or gateway between "
             "the console and VSA may be the cause.");
      case Meaning::throttled:
         return unusable.throttled(quoted(answer)).retry_after(answer.retry_after);
      case Meaning::outage:
         return unusable.unavailable(quoted(answer));
      case Meaning::rejected:
         return Finding::error(
                    "platform.unexpected_response",
                    "VSA signed the user in but does not accept the session for " + asked + "." + quoted(answer),
                    "Try again. If it stays, look in VSA whether the user's sessions are ended early, or "
                    "whether several servers share this address without sharing their sessions.")
             .http_status(answer.status);
      default:
         if (answer.asks_for_sign_in) return unusable.asks_for_sign_in();
         return answer.says.empty() ? unusable.unexpected() : unusable.failed(quoted(answer));
   }
}

std::string codes_of(const Answer& answer) {
   std::string codes = "HTTP " + std::to_string(answer.status);
   if (answer.code != answer.status && is_error(answer.code))
      codes +=
          answer.code > 0 ? ", ResponseCode " + std::to_string(answer.code) : ", a ResponseCode that cannot be read";
   return codes;
}

std::string evidence_of(const Answer& answer) {
   if (answer.meaning == Meaning::no_answer) return "no answer: " + answer.problem->code();
   const std::string evidence = codes_of(answer);
   return answer.says.empty() ? evidence : evidence + ": " + answer.says;
}

std::string quoted(const Answer& answer) {
   return answer.says.empty() ? std::string() : " VSA says: \"" + answer.says + "\"";
}

}  // namespace kaseya_vsa
