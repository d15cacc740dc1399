// answer.hpp - what an answer of VSA means, whatever was asked. A refusal may come inside HTTP 200, so the status alone
// decides nothing: the envelope {"Result":..., "ResponseCode":0, "Status":"OK", "Error":"None"} does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "msp/sdk/call.hpp"
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"

namespace kaseya_vsa {

enum class Meaning {
   not_asked,  // there was no time left, or no need
   document,   // success by the envelope's rules: now it must be the document that was expected
   rejected,   // 401: credentials or session
   denied,     // 403, unless it is a page: this right only
   not_there,  // 404: an older version, or a module that is missing
   refused,    // another 4xx, or an error text alone
   throttled,
   redirected,  // 3xx, which is never followed: the credentials would travel along
   outage,      // 5xx
   senseless,   // a web page, no JSON, no object
   no_answer,   // the network's fault; `problem` says more
};

struct Answer {
   Meaning meaning = Meaning::not_asked;
   int status = 0;         // of HTTP
   int code = 0;           // what decided: the ResponseCode in three digits if it tells of an error, else the status
   bool envelope = false;  // it is VSA's own answer, good or bad
   bool page = false;      // a web page, or XML
   bool asks_for_sign_in = false;  // a 401 page, a challenge, or a page on which a person signs in
   std::string says;               // the platform's own text, bounded; empty when there is none
   int retry_after = 0;            // seconds; 0 when unknown
   std::optional<msp::sdk::Json> document;
   std::optional<msp::sdk::Finding> problem;  // of no_answer
   msp::sdk::Outcome problem_outcome = msp::sdk::Outcome::unreachable;
   bool lost = false;  // of no_answer: something came, so it may have been a refusal

   [[nodiscard]] msp::sdk::JsonValue result() const noexcept;
};

// Decides on status, body and `challenge`, the WWW-Authenticate header.
Answer read_answer(int status, std::string_view body, std::string_view challenge = {});

// The same for a response, also for one that never came.
Answer read_answer(const msp::sdk::Response& response);

// Whether the same request may be answered when it is sent alone: VSA, or a gateway in front of it, turned it away
// because there were too many, or what came is half an answer or a gateway's page.
bool may_pass_alone(const msp::sdk::Response& response);

// What `answer` means for the question `asked` ("the list of agents"). For a `document` that was not the expected one,
// too; a sign-in is explained by refusal.hpp.
msp::sdk::Finding explain(const Answer& answer, const std::string& asked);
msp::sdk::Outcome outcome_of(const Answer& answer);

// The codes of an answer that came: "HTTP 200, ResponseCode 403".
std::string codes_of(const Answer& answer);

// What was seen, in a few words: "HTTP 403: Access denied".
std::string evidence_of(const Answer& answer);

// ` VSA says: "..."`, or nothing when it says nothing.
std::string quoted(const Answer& answer);

}  // namespace kaseya_vsa
