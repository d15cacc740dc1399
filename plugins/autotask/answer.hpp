// answer.hpp - what an answer of Autotask means, whatever was asked. Autotask says with 500 what others say with 4xx,
// so the status alone decides little.
#pragma once

#include <string>
#include <string_view>

#include "msp/sdk/call.hpp"
#include "msp/sdk/http.hpp"

namespace autotask {

enum class Meaning {
   document,                  // 200: now it must be the document that was expected
   rejected,                  // Autotask's own 401: credentials; it seldom says which
   sign_in_elsewhere,         // a proxy or gateway in front of Autotask asks for a sign-in
   integration_code_invalid,  // recorded: 500 and a text, with a valid login
   user_unknown,              // the zone look-up does not know the login; recorded: 500 and a text
   no_right,                  // Autotask's own words about permissions, which it says only to a user it knows
   forbidden,                 // any other 403: a missing right, a locked user or a gateway; the asker has to tell
   throttled,                 // too many threads or requests
   not_there,                 // 404, 405, without errors in the envelope: this route does not exist
   platform_error,            // errors in Autotask's envelope: the same request would get them again
   redirected,                // 3xx, which is never followed: the headers would travel along
   outage,                    // 5xx without the envelope
   senseless,                 // anything else
};

struct Answer {
   Meaning meaning = Meaning::senseless;
   int status = 0;
   std::string errors;   // the platform's own text, whole; empty when there is none
   int retry_after = 0;  // seconds; 0 when unknown
};

// Autotask's own errors, {"errors":["...", ...]}, joined; empty when the body is not that envelope. Whole: the host
// takes secrets out of it, and could not find half of one.
std::string read_errors(std::string_view body);

// Decides on status, body and `challenge`, the WWW-Authenticate header. A 401 of Autotask's own has no body, or
// Autotask's errors, and names one of its hosts as realm. One without a trace of anybody counts as Autotask's.
Answer read_answer(int status, std::string_view body, std::string_view challenge = {});

// The same for a response that did arrive, with its Retry-After.
Answer read_answer(const msp::sdk::Response& response);

// Whether the same request may be answered when it is sent alone: Autotask, or a gateway in front of it, turned it away
// because there were too many, in whatever way it says so, or what came is half an answer or a gateway's page.
bool may_pass_alone(const msp::sdk::Response& response);

// What `answer` means for the administrator when it is not the one that was hoped for. `asked` names the question, for
// example "the zone look-up".
msp::sdk::Finding explain(const Answer& answer, const std::string& asked);
msp::sdk::Outcome outcome_of(const Answer& answer);

}  // namespace autotask
