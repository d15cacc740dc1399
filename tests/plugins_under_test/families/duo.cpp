// duo.cpp - every request signed, by an HMAC over date, method, host, path and parameters: Duo's Admin API.
//
// Duo does not tell whose key it is: the API hostname, which is the customer's own, stands for the account. A signature
// holds for one request, so the plugin signs each one that is sent under its session.
#include <algorithm>

#include "msp/sdk/digest.hpp"
#include "msp/sdk/encoding.hpp"
#include "msp/sdk/http.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/plugin.hpp"
#include "msp/sdk/time.hpp"
#include "msp/sdk/unusable_answer.hpp"
#include "msp/sdk/url.hpp"

namespace {

using namespace msp::sdk;

constexpr char kSummary[] = "/admin/v1/info/summary";

class Connection {
 public:
   explicit Connection(const Host& host) : http_(host), digest_(host) {}

   Outcome validate_credentials(Call& call) {
      const Response answer = ask(call, kSummary);
      const std::int64_t code = code_of(answer);
      if (code == 40102) return refused(call, answer, "Duo does not know this integration key.", "integration_key");
      if (code == 40103) return refused(call, answer, "Duo does not accept this secret key.", "secret_key");
      if (code == 40105)
         return call.end(Outcome::failed, Finding::error("duo.clock", "Duo says that this machine's clock is wrong.",
                                                         "Set the clock of this machine, then try again.")
                                              .http_status(401));
      // 40301: a right is missing, which is for check_permissions to tell.
      if (answer.status() != 200 && code != 40301)
         return end_at_unusable(call, answer, "Duo", "the question for a summary");
      call.report(Identity{std::string(call.setting("api_hostname")), "", std::string(call.setting("integration_key")),
                           address_of(call, "/")});
      return Outcome::accepted;
   }

   Outcome check_permissions(Call& call) {
      for (const auto& [id, path] :
           {std::pair<const char*, const char*>{"information", kSummary}, {"users.read", "/admin/v1/users"}}) {
         const Response answer = ask(call, path);
         const bool is_denied = code_of(answer) == 40301;
         if (answer.status() != 200 && !is_denied)
            return end_at_unusable(call, answer, "Duo", std::string("the question for ") + path);
         call.report(Grant{id, is_denied ? Granted::none : Granted::all, How::probed,
                           std::string(path) + '=' + std::to_string(answer.status())});
      }
      return Outcome::accepted;
   }

   Outcome authenticate(Call& call) {
      Session session{address_of(call, "/admin/v1/"), {}};
      session.is_signed = true;
      call.report(session);
      return Outcome::accepted;
   }

   Outcome sign(Call& call, const Signing& signing) {
      const std::string date = http_date(seconds_since_1970());
      signing.add_header(call, {"Date", Secret(date), true});
      signing.add_header(call,
                         {"Authorization", signature(call, signing.method(), signing.url(), signing.body(), date)});
      return Outcome::accepted;
   }

 private:
   static std::string address_of(const Call& call, const char* path) {
      return "https://" + std::string(call.setting("api_hostname")) + path;
   }

   static std::int64_t code_of(const Response& answer) {
      const auto json = Json::parse(answer.body());
      return json ? (*json)["code"].integer().value_or(0) : 0;
   }

   static Outcome refused(Call& call, const Response& answer, const char* summary, const char* field) {
      return call.end(Outcome::refused, Finding::error("auth.rejected", summary,
                                                       "Copy integration key, secret key and API hostname from the "
                                                       "application's page in the Duo Admin Panel.")
                                            .field(field)
                                            .http_status(answer.status()));
   }

   [[nodiscard]] Secret signature(const Call& call, std::string_view method, std::string_view address,
                                  std::string_view body, const std::string& date) const {
      const Url url = parse_url(address).value();
      std::vector<std::string> pairs;
      for (const auto& [name, value] : form_pairs(method == "POST" ? body : url.query))
         pairs.push_back(percent_encode(name) + '=' + percent_encode(value));
      std::sort(pairs.begin(), pairs.end());
      std::string lines = date + '\n' + std::string(method) + '\n' + url.host + '\n' + url.path + '\n';
      for (std::size_t i = 0; i < pairs.size(); ++i) lines += (i == 0 ? "" : "&") + pairs[i];
      const Secret bytes = digest_.hmac_sha512(call.secret("secret_key"), lines);
      const Secret signature =
          Secret::take(hex(reinterpret_cast<const std::uint8_t*>(bytes.view().data()), bytes.view().size()));
      const Secret pair = Secret::join({call.setting("integration_key"), ":", signature.view()});
      const Secret encoded = Secret::take(base64(pair.view()));
      return Secret::join({"Basic ", encoded.view()});
   }

   [[nodiscard]] Response ask(Call& call, const char* path) const {
      const std::string date = http_date(seconds_since_1970());
      return http_.send(call,
                        Request("GET", address_of(call, path))
                            .header("Date", date)
                            .header("Authorization", signature(call, "GET", address_of(call, path), "", date).view()));
   }

   Http http_;
   Digest digest_;
};

}  // namespace

MSP_SDK_PLUGIN(Connection);
