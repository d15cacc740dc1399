// rights_by_choice.cpp - rights that depend on what the administrator chose. The manifest says when each one is needed;
// the plugin tells all that it finds, and the host judges those that the choices ask for.
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/permission.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace {

using namespace msp::sdk;

constexpr char kApi[] = "https://service.example.com/api/";

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host) {}

   Outcome validate_credentials(Call& call) {
      if (const Outcome outcome = ask_for_token(call); outcome != Outcome::accepted) return outcome;
      call.report(Identity{account_, "", user_, kApi});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      if (const Outcome outcome = ask_for_token(call); outcome != Outcome::accepted) return outcome;
      for (const Permission& permission : read_permissions(msp_plugin_manifest))
         call.report(Grant{permission.id, has_word(rights_, permission.id) ? Granted::all : Granted::none,
                           How::introspected, "rights=" + rights_});
      return Outcome::accepted;
   }

   Outcome authenticate(Call& call) {
      if (call.session_was_rejected()) account_.clear();  // is the token still good?
      if (const Outcome outcome = ask_for_token(call); outcome != Outcome::accepted) return outcome;
      Session session;
      session.base_url = kApi;
      session.headers.emplace_back("Authorization", bearer_of(call));
      call.report(session);
      return Outcome::accepted;
   }

 private:
   static Secret bearer_of(const Call& call) { return Secret::join({"Bearer ", call.secret("token")}); }

   Outcome ask_for_token(Call& call) {
      if (!account_.empty()) return Outcome::accepted;
      const Response answer =
          http_.send(call, Request("GET", std::string(kApi) + "token").header("Authorization", bearer_of(call).view()));
      if (answer.status() == 401)
         return call.end(Outcome::refused,
                         Finding::error("auth.rejected", "Example Service does not accept this token.",
                                        "Create a new token and enter it here.")
                             .field("token")
                             .http_status(401));
      const auto token = Json::parse(answer.body());
      const auto account = token ? (*token)["account"].text() : std::nullopt;
      const auto user = token ? (*token)["user"].text() : std::nullopt;
      if (answer.status() != 200 || !account || !user)
         return end_at_unusable(call, answer, "Example Service", "the question whose token it is");
      account_ = *account;
      user_ = *user;
      rights_ = (*token)["rights"].text().value_or("");
      return Outcome::accepted;
   }

   Http http_;
   std::string account_;  // empty before the platform was asked
   std::string user_;
   std::string rights_;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
