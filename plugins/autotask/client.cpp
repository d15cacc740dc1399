#include "client.hpp"

#include "answer.hpp"
#include "msp/sdk/busy.hpp"

namespace autotask {

using msp::sdk::Call;
using msp::sdk::Outcome;
using msp::sdk::Request;
using msp::sdk::Response;
using msp::sdk::Secret;

std::vector<msp::sdk::Pair> credential_headers(const Call& call) {
   std::vector<msp::sdk::Pair> headers;
   headers.emplace_back("UserName", Secret(call.setting("user_name")), true);
   headers.emplace_back("Secret", Secret(call.secret("password")));
   headers.emplace_back("ApiIntegrationCode", Secret(call.secret("integration_code")));
   headers.emplace_back("Content-Type", Secret("application/json"), true);
   return headers;
}

Outcome Client::find_zone(Call& call) {
   call.progress("Finding the user's zone");
   const Response response = send(call, Request("GET", zone_lookup_url(call.setting("user_name"))));
   if (!response.answered()) return response.report_problem(call);
   const Answer answer = read_answer(response);
   if (answer.meaning == Meaning::document) {
      if (auto zone = read_zone(response.body())) {
         zone_ = std::move(*zone);
         return Outcome::accepted;
      }
   }
   // Without credentials in the request, a refusal cannot be about them.
   Answer plain = answer;
   if (answer.meaning == Meaning::rejected || answer.meaning == Meaning::integration_code_invalid ||
       answer.meaning == Meaning::forbidden)
      plain.meaning = answer.errors.empty() ? Meaning::senseless : Meaning::platform_error;
   return call.end(outcome_of(plain), explain(plain, "the zone look-up"));
}

Response Client::get(Call& call, const std::string& path) const {
   return send(call, signed_requests(call, {path}).front());
}

std::vector<Response> Client::ask(Call& call, const std::vector<std::string>& paths) const {
   return msp::sdk::send_patiently(http_, call, signed_requests(call, paths), may_pass_alone);
}

std::vector<Request> Client::signed_requests(const Call& call, const std::vector<std::string>& paths) const {
   const auto headers = credential_headers(call);
   std::vector<Request> requests;
   for (const std::string& path : paths) {
      Request& request = requests.emplace_back("GET", zone_.url + "V1.0/" + path);
      for (const auto& each : headers) request.header(each.name, each.value.view());
   }
   return requests;
}

// A connection that could not be made is tried once more: slow first connects are known, and the host says net.connect
// only when nothing was sent that could count as a sign-in. Nothing else is sent twice before the credentials were
// accepted.
Response Client::send(Call& call, const Request& request) const {
   const Response response = http_.send(call, request);
   if (response.answered() || response.problem().code() != "net.connect") return response;
   return http_.send(call, request);
}

}  // namespace autotask
