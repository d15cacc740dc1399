// signed_assertion.cpp - a service account: a claim signed with a private key buys a token (RFC 7523, as Google and
// Microsoft have it). The host signs; this plugin never sees the key.
#include "msp/sdk/encoding.hpp"
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/sign.hpp"
#include "msp/sdk/time.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace {

using namespace msp::sdk;

constexpr char kServer[] = "https://cloud.example.com/";

SignatureAlgorithm signing_of(std::string_view algorithm) {
   if (algorithm == "PS256") return SignatureAlgorithm::ps256;
   if (algorithm == "ES256") return SignatureAlgorithm::es256;
   return algorithm == "EdDSA" ? SignatureAlgorithm::eddsa : SignatureAlgorithm::rs256;
}

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host), sign_(host) {}

   Outcome validate_credentials(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      call.report(Identity{organization_, "", std::string(call.setting("service_account")), kServer});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      call.report(Grant{"projects.read", has_word(scope_, "projects.read") ? Granted::all : Granted::none,
                        How::introspected, "scope=" + scope_});
      return Outcome::accepted;
   }

   Outcome authenticate(Call& call) {
      if (call.session_was_rejected()) bearer_ = Secret();
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      Session session{kServer, {}, expires_at_};
      session.headers.emplace_back("Authorization", bearer_.copy());
      call.report(session);
      return Outcome::accepted;
   }

 private:
   // Empty: the host, or this, has said why.
   std::optional<Secret> assertion(Call& call) {
      const std::string algorithm(call.setting("algorithm"));
      std::string header = "{\"alg\":" + json_string(algorithm) + ",\"typ\":\"JWT\"";
      if (call.setting("with_certificate") == "true") {
         const auto thumbprint = sign_.thumbprint(call, "key");
         if (!thumbprint) return std::nullopt;
         header += ",\"x5t#S256\":" + json_string(*thumbprint);
      }
      const std::string claims = "{\"iss\":" + json_string(call.setting("service_account")) + ",\"aud\":\"" + kServer +
                                 "token\",\"exp\":" + std::to_string(seconds_since_1970() + 60) + "}";
      bool wrong_kind = false;
      auto token = sign_.jwt(call, "key", signing_of(algorithm), header + '}', claims, &wrong_kind);
      if (wrong_kind)
         call.report(Finding::error("input.invalid", "This key is not of the kind that is chosen above.",
                                    "Choose the kind of the key, or enter another key.")
                         .field("key"));
      return token;
   }

   Outcome sign_in(Call& call) {
      if (!bearer_.empty()) return Outcome::accepted;
      call.progress("SignatureAlgorithm in to Example Cloud");
      const auto signed_claim = assertion(call);
      if (!signed_claim) return Outcome::invalid_settings;
      const Secret body =
          form({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", signed_claim->view()}});
      const Response answer = http_.send(call, Request("POST", std::string(kServer) + "token")
                                                   .header("Content-Type", "application/x-www-form-urlencoded")
                                                   .body(body.view()));
      const auto json = Json::parse(answer.body());
      if (json && (*json)["error"].text() == "invalid_grant")
         return call.end(Outcome::refused, Finding::error("auth.rejected", "Example Cloud does not accept this key.",
                                                          "Register the key for the service account, or enter another.")
                                               .field("key")
                                               .http_status(answer.status()));
      const auto token = json ? (*json)["access_token"].text() : std::nullopt;
      const auto organization = json ? (*json)["organization"].text() : std::nullopt;
      if (answer.status() != 200 || !token || !organization)
         return end_at_unusable(call, answer, "Example Cloud", "the sign-in");
      bearer_ = Secret::join({"Bearer ", *token});
      organization_ = *organization;
      scope_ = (*json)["scope"].text().value_or("");
      expires_at_ = seconds_since_1970() + (*json)["expires_in"].integer().value_or(60);
      return Outcome::accepted;
   }

   Http http_;
   Sign sign_;
   Secret bearer_;  // "Bearer ..."; empty before the sign-in
   std::string organization_;
   std::string scope_;
   std::int64_t expires_at_ = 0;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
