// one_time_code.cpp - a password and a code that an authenticator shows now. The platform gives a token for this device
// in exchange, and from then on the password and that token do.
#include "msp/sdk/encoding.hpp"
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/keep.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace {

using namespace msp::sdk;

constexpr const char* kApi = "https://api.example.com/v1/";

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host), keep_(host) {}

   Outcome validate_credentials(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      call.report(Identity{tenant_, "", std::string(call.setting("user_name")), kApi});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) { return sign_in(call); }

   Outcome authenticate(Call& call) {
      if (call.session_was_rejected()) bearer_ = Secret();
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      Session session{kApi, {}};
      session.headers.emplace_back("Authorization", bearer_.copy());
      call.report(session);
      return Outcome::accepted;
   }

 private:
   Outcome sign_in(Call& call) {
      if (!bearer_.empty()) return Outcome::accepted;
      const std::string_view code = call.setting("code");
      const std::string_view device_token = call.secret("device_token");
      const Secret body = form({{"user_name", call.setting("user_name")},
                                {"password", call.secret("password")},
                                {code.empty() ? "device_token" : "code", code.empty() ? device_token : code}});
      const Response answer = http_.send(call, Request("POST", std::string(kApi) + "sign-in")
                                                   .header("Content-Type", "application/x-www-form-urlencoded")
                                                   .body(body.view()));
      if (answer.status() == 401)
         return call.end(Outcome::refused,
                         Finding::error("auth.rejected", "Example Desk does not accept the password or the code.",
                                        "Edit the integration and enter the password and a new code.")
                             .field("code")
                             .http_status(401));
      const auto json = Json::parse(answer.body());
      const auto token = json ? (*json)["token"].text() : std::nullopt;
      const auto device = json ? (*json)["device_token"].text() : std::nullopt;
      if (answer.status() != 200 || !token) return end_at_unusable(call, answer, "Example Desk", "the sign-in");
      if (device && !keep_.keep_secret(call, "device_token", Secret(*device))) return Outcome::failed;
      bearer_ = Secret::join({"Bearer ", *token});
      tenant_ = (*json)["tenant"].text().value_or("");
      return Outcome::accepted;
   }

   Http http_;
   Keep keep_;
   Secret bearer_;  // "Bearer ..."; empty before the sign-in
   std::string tenant_;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
