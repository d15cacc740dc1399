// multiline_key.cpp - a key file in PEM, which has several lines. The key signs a claim (RFC 7523), and the platform
// gives a token for it; the key itself is never sent.
#include "msp/sdk/encoding.hpp"
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/jwt.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace {

using namespace msp::sdk;

constexpr char kServer[] = "https://vault.example.com/";

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host), digest_(host) {}

   Outcome validate_credentials(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      call.report(Identity{vault_, "", std::string(call.setting("key_id")), kServer});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      call.report(Grant{"entries.read", has_word(scope_, "entries.read") ? Granted::all : Granted::none,
                        How::introspected, "scope=" + scope_});
      return Outcome::accepted;
   }

   // The first session is the token that the check has got; each later one is a new token.
   Outcome authenticate(Call& call) {
      if (handed_out_) bearer_ = Secret();
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      Session session{kServer, {}, expires_at_};
      session.headers.emplace_back("Authorization", bearer_.copy());
      call.report(session);
      handed_out_ = true;
      return Outcome::accepted;
   }

 private:
   Outcome sign_in(Call& call) {
      if (!bearer_.empty()) return Outcome::accepted;
      const auto key = pem_decode(call.secret("key"));
      if (!key)
         return call.end(
             Outcome::invalid_settings,
             Finding::error("input.invalid", "This is no key file of Example Vault.",
                            "Open the file in an editor and copy all of it, the lines with BEGIN and END, too.")
                 .field("key"));
      call.progress("Signing in to Example Vault");
      const std::string claims = "{\"iss\":" + json_string(call.setting("key_id")) +
                                 ",\"exp\":" + std::to_string(seconds_since_1970() + 60) + "}";
      const Secret assertion = jwt_hs256(digest_, R"({"alg":"HS256","typ":"JWT"})", claims, key->view());
      const Secret body =
          form({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", assertion.view()}});
      const Response answer = http_.send(call, Request("POST", std::string(kServer) + "token")
                                                   .header("Content-Type", "application/x-www-form-urlencoded")
                                                   .body(body.view()));
      const auto json = Json::parse(answer.body());
      if (json && (*json)["error"].text() == "invalid_grant")
         return call.end(Outcome::refused,
                         Finding::error("auth.rejected",
                                        "Example Vault does not accept this key. It says: " +
                                            std::string((*json)["error_description"].text().value_or("nothing")),
                                        "Check the key ID and enter the whole key file again.")
                             .field("key")
                             .http_status(answer.status()));
      const auto token = json ? (*json)["access_token"].text() : std::nullopt;
      const auto vault = json ? (*json)["vault"].text() : std::nullopt;
      if (answer.status() != 200 || !token || !vault)
         return end_at_unusable(call, answer, "Example Vault", "the sign-in");
      bearer_ = Secret::join({"Bearer ", *token});
      vault_ = *vault;
      scope_ = (*json)["scope"].text().value_or("");
      const std::int64_t lifetime = (*json)["expires_in"].integer().value_or(0);
      expires_at_ = lifetime > 0 ? seconds_since_1970() + lifetime : 0;
      return Outcome::accepted;
   }

   Http http_;
   Digest digest_;
   Secret bearer_;  // "Bearer ..."; empty before the sign-in
   std::string vault_;
   std::string scope_;
   std::int64_t expires_at_ = 0;
   bool handed_out_ = false;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
