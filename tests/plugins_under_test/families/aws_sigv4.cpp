// aws_sigv4.cpp - every request signed, by AWS Signature Version 4. There is nothing to open: the key is the sign-in.
//
// A signature holds for one request, so the plugin signs each one that is sent under its sessions. IAM has a server of
// its own, and so a session with a name.
#include "msp/sdk/encoding.hpp"
#include "msp/sdk/http.hpp"
#include "msp/sdk/permission.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/sigv4.hpp"
#include "msp/sdk/time.hpp"
#include "msp/sdk/unusable_answer.hpp"
#include "msp/sdk/url.hpp"
#include "msp/sdk/xml.hpp"

namespace {

using namespace msp::sdk;

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host), digest_(host) {}

   Outcome validate_credentials(Call& call) {
      const Response answer = ask(call, "sts", "Action=GetCallerIdentity&Version=2011-06-15");
      const auto code = xml_text(answer.body(), "Code");
      if (code == "InvalidClientTokenId")
         return refused(call, answer, "AWS does not know this access key, or it is inactive.", "access_key_id");
      if (code == "SignatureDoesNotMatch")
         return refused(call, answer, "AWS does not accept a signature by this secret access key.",
                        "secret_access_key");
      const auto account = xml_text(answer.body(), "Account");
      const auto arn = xml_text(answer.body(), "Arn");
      if (answer.status() != 200 || !account || !arn)
         return end_at_unusable(call, answer, "AWS", "the question whose key it is");
      call.report(Identity{*account, "", *arn, "https://iam.amazonaws.com/"});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      for (const Permission& permission : read_permissions(msp_plugin_manifest)) {
         // The id is what AWS calls the action, in small letters.
         const std::string action = permission.id == "list_users" ? "ListUsers" : "GetAccountSummary";
         const Response answer = ask(call, "iam", "Action=" + action + "&Version=2010-05-08");
         const auto code = xml_text(answer.body(), "Code");
         if (answer.status() != 200 && code != "AccessDenied")
            return end_at_unusable(call, answer, "AWS", "the question for " + action);
         call.report(Grant{permission.id, code ? Granted::none : Granted::all, How::probed,
                           "iam:" + action + '=' + code.value_or("allowed")});
      }
      return Outcome::accepted;
   }

   Outcome authenticate(Call& call) {
      for (const char* service : {"sts", "iam"}) {
         Session session{"https://" + std::string(service) + ".amazonaws.com/", {}};
         if (service != std::string_view("sts")) session.name = service;
         session.is_signed = true;
         call.report(session);
      }
      return Outcome::accepted;
   }

   Outcome sign(Call& call, const Signing& signing) {
      const std::string date = compact_utc(seconds_since_1970());
      signing.add_header(call, {"X-Amz-Date", Secret(date), true});
      signing.add_header(call,
                         {"Authorization", signature(call, signing.method(), signing.url(), signing.body(), date)});
      return Outcome::accepted;
   }

 private:
   static Outcome refused(Call& call, const Response& answer, const char* summary, const char* field) {
      return call.end(Outcome::refused,
                      Finding::error("auth.rejected", summary,
                                     "Enter the access key ID and its secret access key again, or create a new pair "
                                     "in the IAM console.")
                          .field(field)
                          .http_status(answer.status()));
   }

   [[nodiscard]] Secret signature(const Call& call, std::string_view method, std::string_view address,
                                  std::string_view body, const std::string& date) const {
      const Url url = parse_url(address).value();
      SigV4Request request;
      request.method = method;
      request.path = url.path;
      request.query = form_pairs(url.query);
      request.headers = {{"Host", url.authority()}, {"X-Amz-Date", date}};
      request.body = body;
      const std::string service = url.host.substr(0, url.host.find('.'));
      const SigV4Key key{call.setting("access_key_id"), call.secret("secret_access_key"), "us-east-1", service};
      return sigv4_authorization(digest_, request, key, date);
   }

   [[nodiscard]] Response ask(Call& call, const std::string& service, const std::string& body) const {
      const std::string date = compact_utc(seconds_since_1970());
      const std::string address = "https://" + service + ".amazonaws.com/";
      const Secret authorization = signature(call, "POST", address, body, date);
      return http_.send(call, Request("POST", address)
                                  .header("Content-Type", "application/x-www-form-urlencoded")
                                  .header("X-Amz-Date", date)
                                  .header("Authorization", authorization.view())
                                  .body(body));
   }

   Http http_;
   Digest digest_;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
