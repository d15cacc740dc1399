// browser_sign_in.cpp - OAuth's authorization code (RFC 6749, section 4.1) with PKCE, and a refresh token that changes
// at each use.
//
// A person signs in once, in a browser. From then on the refresh token does, until the platform takes it back: then the
// integration needs a person again. The new refresh token is kept before anything else is done with the answer.
#include "msp/sdk/browser.hpp"
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/keep.hpp"
#include "msp/sdk/permission.hpp"
#include "msp/sdk/pkce.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace {

using namespace msp::sdk;

constexpr const char* kIssuer = "https://login.example.com";
constexpr const char* kApi = "https://api.example.com/api/v1/";

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host), digest_(host), browser_(host), keep_(host) {}

   Outcome validate_credentials(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      const Response answer =
          http_.send(call, Request("GET", std::string(kApi) + "me").header("Authorization", bearer_.view()));
      const auto user = Json::parse(answer.body());
      const auto id = user ? (*user)["tenant"]["id"].text() : std::nullopt;
      if (answer.status() != 200 || !id)
         return end_at_unusable(call, answer, "Example Desk", "the question who signed in");
      call.report(Identity{std::string(*id), std::string((*user)["tenant"]["name"].text().value_or("")),
                           std::string((*user)["sub"].text().value_or("")), kApi});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      for (const Permission& permission : read_permissions(msp_plugin_manifest))
         call.report(Grant{permission.id, has_word(scope_, permission.id) ? Granted::all : Granted::none,
                           How::introspected, "scope=" + scope_});
      return Outcome::accepted;
   }

   Outcome authenticate(Call& call) {
      if (handed_out_) bearer_ = Secret();
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      Session session{kApi, {}, expires_at_};
      session.headers.emplace_back("Authorization", bearer_.copy());
      call.report(session);
      handed_out_ = true;
      return Outcome::accepted;
   }

   // RFC 7009: a token that is not good any more is no error.
   Outcome sign_out(Call& call) {
      const std::string_view refresh_token = call.secret("refresh_token");
      if (refresh_token.empty()) return Outcome::accepted;
      const Secret body = form({{"token", refresh_token}, {"client_id", call.setting("client_id")}});
      const Response answer = http_.send(call, Request("POST", std::string(kIssuer) + "/revoke")
                                                   .header("Content-Type", "application/x-www-form-urlencoded")
                                                   .body(body.view()));
      return answer.status() == 200 ? Outcome::accepted
                                    : end_at_unusable(call, answer, "Example Desk", "the end of the sign-in");
   }

 private:
   Outcome sign_in(Call& call) {
      if (!bearer_.empty()) return Outcome::accepted;
      const std::string_view refresh_token = call.secret("refresh_token");
      if (refresh_token.empty()) return sign_in_by_person(call);
      call.progress("Signing in to Example Desk");
      return take_token(call, form({{"grant_type", "refresh_token"},
                                    {"client_id", call.setting("client_id")},
                                    {"refresh_token", refresh_token}}));
   }

   Outcome sign_in_by_person(Call& call) {
      const std::string redirect_uri = browser_.redirect_uri(call);
      const Secret verifier = pkce_verifier(digest_);
      const Secret query = form({{"response_type", "code"},
                                 {"client_id", call.setting("client_id")},
                                 {"redirect_uri", redirect_uri},
                                 {"scope", "offline_access companies.read tickets.read tickets.write"},
                                 {"code_challenge", pkce_challenge(digest_, verifier)},
                                 {"code_challenge_method", "S256"}});
      call.progress("Waiting for a person to sign in to Example Desk");
      const Visited visited = browser_.visit(call, std::string(kIssuer) + "/authorize?" + std::string(query.view()));
      if (!visited.came_back()) return visited.report_problem(call);
      // RFC 9207: another authorization server may have sent the browser back.
      if (const auto issuer = visited.value("iss"); !issuer || issuer->view() != kIssuer)
         return call.end(Outcome::refused,
                         Finding::error("auth.unclear", "Somebody else than Example Desk sent the browser back.",
                                        "Close the browser's other windows and sign in again."));
      if (visited.value("error"))
         return call.end(Outcome::refused,
                         Finding::error("auth.rejected", "The access was not allowed at Example Desk.",
                                        "Sign in again and allow the access."));
      const auto code = visited.value("code");
      if (!code)
         return call.end(
             Outcome::unavailable,
             Finding::error("platform.unexpected_response", "Example Desk sent the browser back without a code.",
                            "Try again; if it happens again, ask Example Desk's support."));
      return take_token(call, form({{"grant_type", "authorization_code"},
                                    {"client_id", call.setting("client_id")},
                                    {"redirect_uri", redirect_uri},
                                    {"code_verifier", verifier.view()},
                                    {"code", code->view()}}));
   }

   Outcome take_token(Call& call, const Secret& body) {
      const Response answer = http_.send(call, Request("POST", std::string(kIssuer) + "/token")
                                                   .header("Content-Type", "application/x-www-form-urlencoded")
                                                   .body(body.view()));
      const auto json = Json::parse(answer.body());
      if (json && (*json)["error"].text() == "invalid_grant")
         return call.end(
             Outcome::refused,
             Finding::error("auth.expired", "Example Desk does not accept the sign-in any more.", "Sign in again.")
                 .http_status(answer.status()));
      const auto token = json ? (*json)["access_token"].text() : std::nullopt;
      const auto refresh_token = json ? (*json)["refresh_token"].text() : std::nullopt;
      if (answer.status() != 200 || !token || !refresh_token)
         return end_at_unusable(call, answer, "Example Desk", "the sign-in");
      if (!keep_.keep_secret(call, "refresh_token", Secret(*refresh_token))) return Outcome::failed;
      bearer_ = Secret::join({"Bearer ", *token});
      scope_ = (*json)["scope"].text().value_or("");
      expires_at_ = seconds_since_1970() + (*json)["expires_in"].integer().value_or(300);
      return Outcome::accepted;
   }

   Http http_;
   Digest digest_;
   Browser browser_;
   Keep keep_;
   Secret bearer_;  // "Bearer ..."; empty before the sign-in
   std::string scope_;
   std::int64_t expires_at_ = 0;
   bool handed_out_ = false;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
