// no_who_am_i.cpp - a service that takes a key and never says whose it is. The form's field "company", marked as
// identity, stands for the account, so that a key can change and two companies stay two.
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace {

using namespace msp::sdk;

constexpr char kApi[] = "https://docs.example.com/api/";

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host) {}

   Outcome validate_credentials(Call& call) {
      if (const Outcome outcome = try_key(call); outcome != Outcome::accepted) return outcome;
      call.report(Identity{"", "", "API key", kApi});  // no account: the host takes the fields marked as identity
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      if (const Outcome outcome = try_key(call); outcome != Outcome::accepted) return outcome;
      const Response answer = get(call, "passwords?page[size]=1");
      if (answer.status() != 403 && !is_list(answer))
         return end_at_unusable(call, answer, "Example Docs", "the question for passwords");
      call.report(Grant{"passwords.read", answer.status() == 403 ? Granted::none : Granted::all, How::probed,
                        "HTTP " + std::to_string(answer.status())});
      return Outcome::accepted;
   }

   Outcome authenticate(Call& call) {
      if (call.session_was_rejected()) key_works_ = false;
      if (const Outcome outcome = try_key(call); outcome != Outcome::accepted) return outcome;
      Session session;
      session.base_url = kApi;
      session.headers.emplace_back("X-Api-Key", Secret(call.secret("api_key")));
      call.report(session);
      return Outcome::accepted;
   }

 private:
   Response get(Call& call, const std::string& path) const {
      return http_.send(call, Request("GET", kApi + path).header("X-Api-Key", call.secret("api_key")));
   }

   static bool is_list(const Response& answer) {
      const auto json = Json::parse(answer.body());
      return answer.status() == 200 && json && (*json)["data"].is_array();
   }

   // Any list that every key may read tells whether the key is good.
   Outcome try_key(Call& call) {
      if (key_works_) return Outcome::accepted;
      const Response answer = get(call, "organizations?page[size]=1");
      if (answer.status() == 401)
         return call.end(Outcome::refused, Finding::error("auth.rejected", "Example Docs does not accept this key.",
                                                          "Generate a key under Account, API keys, and enter it here.")
                                               .field("api_key")
                                               .http_status(401));
      if (!is_list(answer)) return end_at_unusable(call, answer, "Example Docs", "the question for organizations");
      key_works_ = true;
      return Outcome::accepted;
   }

   Http http_;
   bool key_works_ = false;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
