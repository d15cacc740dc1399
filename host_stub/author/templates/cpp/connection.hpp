// connection.hpp - one API token at work with Acme Helpdesk.
#pragma once

#include <string>

#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace acme_helpdesk {

using namespace msp::sdk;

constexpr char kApi[] = "https://api.acme.example/v1/";

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host) {}

   Outcome validate_credentials(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      call.report(Identity{account_, name_, user_, kApi});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      for (const char* right : {"tickets.read", "tickets.write"})
         call.report(
             Grant{right, has_word(may_, right) ? Granted::all : Granted::none, How::introspected, "may: " + may_});
      return Outcome::accepted;
   }

   Outcome authenticate(Call& call) {
      // Rejected meanwhile? Then what is known of the token is old.
      if (call.session_was_rejected()) account_.clear();
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      Session session;
      session.base_url = kApi;
      session.headers.emplace_back("Authorization", bearer(call));
      call.report(session);
      return Outcome::accepted;
   }

 private:
   static Secret bearer(const Call& call) { return Secret::join({"Bearer ", call.secret("api_token")}); }

   // The one question there is. Each operation needs its answer, and only the first one asks.
   Outcome sign_in(Call& call) {
      if (!account_.empty()) return Outcome::accepted;
      call.progress("Asking Acme Helpdesk whose token it is");
      const Secret authorization = bearer(call);
      const Response answer =
          http_.send(call, Request("GET", std::string(kApi) + "me").header("Authorization", authorization.view()));
      if (answer.status() == 401)
         return call.end(Outcome::refused,
                         Finding::error("auth.rejected", "Acme Helpdesk does not accept this API token.",
                                        "Create a new token under Settings, API, and enter it here.")
                             .field("api_token")
                             .http_status(401));
      const auto me = Json::parse(answer.body());
      const auto account = me ? (*me)["account"].text() : std::nullopt;
      const auto user = me ? (*me)["user"].text() : std::nullopt;
      if (answer.status() != 200 || !account || !user)
         return end_at_unusable(call, answer, "Acme Helpdesk", "the question whose token it is");
      account_ = *account;
      user_ = *user;
      name_ = (*me)["name"].text().value_or("");
      may_ = (*me)["may"].text().value_or("");
      return Outcome::accepted;
   }

   Http http_;
   std::string account_;  // empty before the platform was asked
   std::string user_;
   std::string name_;
   std::string may_;
};

}  // namespace acme_helpdesk
