#include "client.hpp"

#include "answer.hpp"

namespace autotask {

using msp::sdk::Call;
using msp::sdk::Outcome;
using msp::sdk::Request;
using msp::sdk::Response;
using msp::sdk::Secret;

std::vector<std::pair<std::string, Secret>> credential_headers(const Call& call) {
   std::vector<std::pair<std::string, Secret>> headers;
   headers.emplace_back("UserName", Secret(call.setting("user_name")));
   headers.emplace_back("Secret", Secret(call.secret("password")));
   headers.emplace_back("ApiIntegrationCode", Secret(call.secret("integration_code")));
   headers.emplace_back("Content-Type", Secret("application/json"));
   return headers;
}

Outcome Client::find_zone(Call& call) {
   call.progress("Finding the user's zone");
   std::vector<Request> look_up;
   look_up.emplace_back("GET", zone_lookup_url(call.setting("user_name")));
   const Response response = send(call, look_up).front();
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

std::vector<Response> Client::get(Call& call, const std::vector<std::string>& paths) const {
   const auto headers = credential_headers(call);
   std::vector<Request> requests;
   for (const std::string& path : paths) {
      Request& request = requests.emplace_back("GET", zone_.url + "V1.0/" + path);
      for (const auto& [name, value] : headers) request.header(name, value.view());
   }
   return send(call, requests);
}

// A connection that could not be made is tried once more: slow first connects are known, and nothing was sent that
// could count as a sign-in. Nothing else is ever sent twice.
std::vector<Response> Client::send(Call& call, const std::vector<Request>& requests) const {
   std::vector<Response> responses = http_.send(call, requests);
   for (std::size_t i = 0; i < responses.size(); ++i)
      if (!responses[i].answered() && responses[i].problem().code() == "net.connect")
         responses[i] = http_.send(call, requests[i]);
   return responses;
}

}  // namespace autotask
