// soap_token.cpp - SOAP, whose token stands in the body of every request. No header and no parameter of the query can
// put it there, so the session carries the token under a name that the console's own code knows, and says so
// (`in_body`): that code writes it into its envelopes.
#include "msp/sdk/encoding.hpp"
#include "msp/sdk/http.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/unusable_answer.hpp"
#include "msp/sdk/xml.hpp"

namespace {

using namespace msp::sdk;

constexpr char kServer[] = "https://classic.example.com/soap/";

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host) {}

   Outcome validate_credentials(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      call.report(Identity{account_, "", std::string(call.setting("user")), kServer});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      const Secret token = Secret::take(xml_escape(token_.view()));
      const Response answer = ask(call, {"<GetRights><SessionID>", token.view(), "</SessionID></GetRights>"});
      const auto rights = xml_text(answer.body(), "Rights");
      if (answer.status() != 200 || !rights)
         return end_at_unusable(call, answer, "Example Classic", "the question for rights");
      call.report(Grant{"tickets.read", has_word(*rights, "tickets.read") ? Granted::all : Granted::none,
                        How::introspected, "Rights=" + *rights});
      return Outcome::accepted;
   }

   // The first session is the one that the check has opened; each later one is another.
   Outcome authenticate(Call& call) {
      if (handed_out_) token_ = Secret();
      if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
      Session session;
      session.base_url = kServer;
      session.in_body = true;
      session.headers.emplace_back("SessionID", token_.copy());
      call.report(session);
      handed_out_ = true;
      return Outcome::accepted;
   }

 private:
   Response ask(Call& call, std::initializer_list<std::string_view> operation) const {
      const Secret inner = Secret::join(operation);
      const Secret envelope =
          Secret::join({R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>)", inner.view(),
                        "</s:Body></s:Envelope>"});
      return http_.send(
          call, Request("POST", kServer).header("Content-Type", "text/xml; charset=utf-8").body(envelope.view()));
   }

   Outcome sign_in(Call& call) {
      if (!token_.empty()) return Outcome::accepted;
      call.progress("Signing in to Example Classic");
      const Secret password = Secret::take(xml_escape(call.secret("password")));
      const Response answer = ask(call, {"<Login><User>", xml_escape(call.setting("user")), "</User><Password>",
                                         password.view(), "</Password></Login>"});
      // A fault comes with HTTP 500, whatever it says.
      if (xml_text(answer.body(), "faultcode") == "InvalidCredentials")
         return call.end(Outcome::refused,
                         Finding::error("auth.rejected", "Example Classic does not accept this user name and password.",
                                        "Check the user name and enter the password again.")
                             .field("password")
                             .http_status(answer.status()));
      auto token = xml_text(answer.body(), "SessionID");
      const auto account = xml_text(answer.body(), "Account");
      if (answer.status() != 200 || !token || token->empty() || !account)
         return end_at_unusable(call, answer, "Example Classic", "the sign-in");
      token_ = Secret::take(std::move(*token));
      account_ = *account;
      return Outcome::accepted;
   }

   Http http_;
   Secret token_;  // empty before the sign-in
   std::string account_;
   bool handed_out_ = false;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
