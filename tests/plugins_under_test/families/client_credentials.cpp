// client_credentials.cpp - OAuth's client credentials (RFC 6749, section 4.4): one token host for everybody, and an API
// host for each region.
//
// The form asks for the region, and no region is found by trial. The client's secret goes to the token host only, the
// token to the API host of the region only.
#include "msp/sdk/encoding.hpp"
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/permission.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace {

using namespace msp::sdk;

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host) {}

   Outcome validate_credentials(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      const std::string api = api_of(call);
      const Response answer =
          http_.send(call, Request("GET", api + "organization").header("Authorization", bearer_.view()));
      if (answer.status() == 404)
         return call.end(Outcome::refused, Finding::error("client_credentials.other_region",
                                                          "Example Desk does not know this client in this region.",
                                                          "Choose the region where your Example Desk is kept.")
                                               .field("region")
                                               .http_status(404));
      const auto organization = Json::parse(answer.body());
      const auto id = organization ? (*organization)["id"].text() : std::nullopt;
      if (answer.status() != 200 || !id)
         return end_at_unusable(call, answer, "Example Desk", "the question who signed in");
      call.report(Identity{std::string(*id), std::string((*organization)["name"].text().value_or("")),
                           std::string(call.setting("client_id")), api});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      for (const Permission& permission : read_permissions(msp_plugin_manifest))
         call.report(Grant{permission.id, has_word(scope_, permission.id) ? Granted::all : Granted::none,
                           How::introspected, "scope=" + scope_});
      return Outcome::accepted;
   }

   // The first session is the token that the check has used; each later one is a new token.
   Outcome authenticate(Call& call) {
      if (handed_out_) bearer_ = Secret();
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      Session session{api_of(call), {}, expires_at_};
      session.headers.emplace_back("Authorization", bearer_.copy());
      call.report(session);
      handed_out_ = true;
      return Outcome::accepted;
   }

 private:
   static std::string api_of(const Call& call) {
      return "https://" + std::string(call.setting("region")) + ".api.example.com/v1/";
   }

   Outcome sign_in(Call& call) {
      if (!bearer_.empty()) return Outcome::accepted;
      call.progress("Signing in to Example Desk");
      const Secret body = form({{"grant_type", "client_credentials"},
                                {"client_id", call.setting("client_id")},
                                {"client_secret", call.secret("client_secret")}});
      const Response answer = http_.send(call, Request("POST", "https://login.example.com/oauth/token")
                                                   .header("Content-Type", "application/x-www-form-urlencoded")
                                                   .body(body.view()));
      const auto json = Json::parse(answer.body());
      // RFC 6749, section 5.2: this comes with 400 or 401.
      if (json && (*json)["error"].text() == "invalid_client")
         return call.end(Outcome::refused, Finding::error("auth.rejected", "Example Desk does not accept this client.",
                                                          "Check the client ID and enter the client secret again.")
                                               .field("client_secret")
                                               .http_status(answer.status()));
      const auto token = json ? (*json)["access_token"].text() : std::nullopt;
      if (answer.status() != 200 || !token) return end_at_unusable(call, answer, "Example Desk", "the sign-in");
      bearer_ = Secret::join({"Bearer ", *token});
      scope_ = (*json)["scope"].text().value_or("");
      const std::int64_t lifetime = (*json)["expires_in"].integer().value_or(0);
      expires_at_ = lifetime > 0 ? seconds_since_1970() + lifetime : 0;
      return Outcome::accepted;
   }

   Http http_;
   Secret bearer_;  // "Bearer ..."; empty before the sign-in
   std::string scope_;
   std::int64_t expires_at_ = 0;
   bool handed_out_ = false;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
