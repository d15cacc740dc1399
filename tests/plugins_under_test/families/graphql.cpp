// graphql.cpp - GraphQL, where 200 says nothing: what went wrong stands in "errors". Only the end of a session has a
// status of its own, 419, which the plugin tells the host.
#include "msp/sdk/encoding.hpp"
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace {

using namespace msp::sdk;

constexpr char kServer[] = "https://graph.example.com/";
constexpr char kSignIn[] =
    "mutation($user: String!, $password: String!) { signIn(user: $user, password: $password) { token user { id } "
    "account { id name } } }";

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host) {}

   Outcome validate_credentials(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      call.report(Identity{account_, label_, user_, kServer});
      return Outcome::accepted;
   }

   // One question for each right: the rest of an answer is missing, too, where one part of it is forbidden.
   Outcome check_permissions(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      for (const char* entity : {"tickets", "invoices"}) {
         const Response answer = ask(call, std::string("{ ") + entity + "(first: 1) { id } }", "{}");
         const auto json = Json::parse(answer.body());
         const std::string error = error_of(json);
         if (error != "FORBIDDEN" && (answer.status() != 200 || !json || !(*json)["data"][entity].is_array()))
            return end_at_unusable(call, answer, "Example Graph", std::string("the question for ") + entity);
         call.report(Grant{std::string(entity) + ".read", error.empty() ? Granted::all : Granted::none, How::probed,
                           error.empty() ? "a list" : error});
      }
      return Outcome::accepted;
   }

   // The first session is the one that the check has opened; each later one is another.
   Outcome authenticate(Call& call) {
      if (handed_out_) bearer_ = Secret();
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      Session session;
      session.base_url = kServer;
      session.headers.emplace_back("Authorization", bearer_.copy());
      session.rejected_statuses = {419};
      call.report(session);
      handed_out_ = true;
      return Outcome::accepted;
   }

 private:
   Response ask(Call& call, const std::string& query, std::string_view variables) const {
      const Secret body = Secret::join({R"({"query":)", json_string(query), R"(,"variables":)", variables, "}"});
      Request request("POST", std::string(kServer) + "graphql");
      request.header("Content-Type", "application/json").body(body.view());
      if (!bearer_.empty()) request.header("Authorization", bearer_.view());
      return http_.send(call, request);
   }

   static std::string error_of(const std::optional<Json>& json) {
      const auto errors = json ? (*json)["errors"].items() : std::vector<JsonValue>{};
      return errors.empty() ? "" : std::string(errors[0]["extensions"]["code"].text().value_or("UNKNOWN"));
   }

   Outcome sign_in(Call& call) {
      if (!bearer_.empty()) return Outcome::accepted;
      call.progress("Signing in to Example Graph");
      const Secret password = Secret::take(json_string(call.secret("password")));
      const Secret variables =
          Secret::join({R"({"user":)", json_string(call.setting("user")), R"(,"password":)", password.view(), "}"});
      const Response answer = ask(call, kSignIn, variables.view());
      const auto json = Json::parse(answer.body());
      if (error_of(json) == "UNAUTHENTICATED")
         return call.end(Outcome::refused,
                         Finding::error("auth.rejected", "Example Graph does not accept this user name and password.",
                                        "Check the user name and enter the password again.")
                             .field("password"));
      const JsonValue session = json ? (*json)["data"]["signIn"] : JsonValue();
      const auto token = session["token"].text();
      const auto account = session["account"]["id"].text();
      const auto user = session["user"]["id"].text();
      if (answer.status() != 200 || !token || !account || !user)
         return end_at_unusable(call, answer, "Example Graph", "the sign-in");
      bearer_ = Secret::join({"Bearer ", *token});
      account_ = *account;
      label_ = session["account"]["name"].text().value_or("");
      user_ = *user;
      return Outcome::accepted;
   }

   Http http_;
   Secret bearer_;  // "Bearer ..."; empty before the sign-in
   std::string account_;
   std::string label_;
   std::string user_;
   bool handed_out_ = false;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
