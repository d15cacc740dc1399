// query_key.cpp - a key in the query of every address, "?apikey=...". There is nothing to open: the key is the session.
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace {

using namespace msp::sdk;

constexpr char kApi[] = "https://monitor.example.com/api/";

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host) {}

   Outcome validate_credentials(Call& call) {
      if (const Outcome outcome = ask_for_owner(call); outcome != Outcome::accepted) return outcome;
      call.report(Identity{account_, "", user_, kApi});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      if (const Outcome outcome = ask_for_owner(call); outcome != Outcome::accepted) return outcome;
      call.report(Grant{"alerts.read", has_word(may_, "alerts") ? Granted::all : Granted::none, How::introspected,
                        "may=" + may_});
      return Outcome::accepted;
   }

   Outcome authenticate(Call& call) {
      if (call.session_was_rejected()) account_.clear();  // is the key still good?
      if (const Outcome outcome = ask_for_owner(call); outcome != Outcome::accepted) return outcome;
      Session session;
      session.base_url = kApi;
      session.query.emplace_back("apikey", Secret(call.secret("api_key")));
      call.report(session);
      return Outcome::accepted;
   }

 private:
   Outcome ask_for_owner(Call& call) {
      if (!account_.empty()) return Outcome::accepted;
      const Response answer =
          http_.send(call, Request("GET", std::string(kApi) + "me").query("apikey", call.secret("api_key")));
      if (answer.status() == 401)
         return call.end(Outcome::refused, Finding::error("auth.rejected", "Example Monitor does not accept this key.",
                                                          "Create a new key under Settings, API, and enter it here.")
                                               .field("api_key")
                                               .http_status(401));
      const auto owner = Json::parse(answer.body());
      const auto account = owner ? (*owner)["account"].text() : std::nullopt;
      const auto user = owner ? (*owner)["user"].text() : std::nullopt;
      if (answer.status() != 200 || !account || !user)
         return end_at_unusable(call, answer, "Example Monitor", "the question whose key it is");
      account_ = *account;
      user_ = *user;
      may_ = (*owner)["may"].text().value_or("");
      return Outcome::accepted;
   }

   Http http_;
   std::string account_;  // empty before the platform was asked
   std::string user_;
   std::string may_;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
