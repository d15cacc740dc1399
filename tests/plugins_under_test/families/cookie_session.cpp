// cookie_session.cpp - a session in cookies, as web applications keep it: the sign-in sets one for the session and one
// against forged requests, which is sent back as a header, too.
#include "msp/sdk/cookies.hpp"
#include "msp/sdk/encoding.hpp"
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace {

using namespace msp::sdk;

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host) {}

   Outcome validate_credentials(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      call.report(Identity{company_, "", std::string(call.setting("user")), server_of(call)});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      call.report(Grant{"tickets.write", role_ == "Technician" ? Granted::all : Granted::none, How::introspected,
                        "role=" + role_});
      return Outcome::accepted;
   }

   // The first session is the one that the check has opened; each later one is another.
   Outcome authenticate(Call& call) {
      if (handed_out_) cookies_ = {};
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      Session session;
      session.base_url = server_of(call) + "/api/";
      session.headers.emplace_back("Cookie", cookies_.header());
      session.headers.emplace_back("X-CSRF-Token", Secret(cookies_.value("csrf")));
      call.report(session);
      handed_out_ = true;
      return Outcome::accepted;
   }

 private:
   // Without the slashes that people leave at its end.
   static std::string server_of(const Call& call) {
      std::string server(call.setting("server"));
      while (!server.empty() && server.back() == '/') server.pop_back();
      return server;
   }

   Outcome sign_in(Call& call) {
      if (!cookies_.empty()) return Outcome::accepted;
      call.progress("Signing in to the server");
      const Secret body = form({{"user", call.setting("user")}, {"password", call.secret("password")}});
      const Response answer = http_.send(call, Request("POST", server_of(call) + "/login")
                                                   .header("Content-Type", "application/x-www-form-urlencoded")
                                                   .body(body.view()));
      if (answer.status() == 401)
         return call.end(Outcome::refused,
                         Finding::error("auth.rejected", "The server does not accept this user name and password.",
                                        "Check the user name and enter the password again.")
                             .field("password")
                             .http_status(401));
      Cookies cookies;
      for (const std::string_view each : answer.headers("Set-Cookie")) cookies.take(each);
      const auto user = Json::parse(answer.body());
      if (answer.status() != 200 || !user || cookies.value("sid").empty() || cookies.value("csrf").empty())
         return end_at_unusable(call, answer, "The server", "the sign-in");
      cookies_ = std::move(cookies);
      company_ = (*user)["company"].text().value_or("");
      role_ = (*user)["role"].text().value_or("");
      return Outcome::accepted;
   }

   Http http_;
   Cookies cookies_;  // none before the sign-in
   std::string company_;
   std::string role_;
   bool handed_out_ = false;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
