#include "form.hpp"

#include <utility>

#include "access_token.hpp"
#include "msp/sdk/text.hpp"
#include "server_address.hpp"

namespace kaseya_vsa {

using msp::sdk::Call;
using msp::sdk::Finding;
using msp::sdk::Outcome;

namespace {

Outcome invalid(Call& call, const char* field, std::string summary, std::string remedy) {
   return call.end(Outcome::invalid_settings,
                   Finding::error("input.invalid", std::move(summary), std::move(remedy)).field(field));
}

Outcome check_control_characters(Call& call) {
   const auto fits = [](std::string_view value) { return !msp::sdk::has_control_character(value); };
   const char* field = !fits(call.setting("user_name"))                    ? "user_name"
                       : !fits(read_access_token(call.secret("pat")).text) ? "pat"
                       : !fits(call.secret("password"))                    ? "password"
                                                                           : nullptr;
   if (field == nullptr) return Outcome::accepted;
   return invalid(call, field, "The value holds a line break or another control character.",
                  "Enter it again, and take care that nothing else is pasted along.");
}

}  // namespace

Method method_of(const Call& call) noexcept {
   return call.setting("auth_method") == "password" ? Method::password : Method::token;
}

Outcome check_form(Call& call) {
   if (!read_server_address(call.setting("server")))
      return invalid(call, "server",
                     "The server is not an https address, or holds a user name or password in front of the host.",
                     "Enter the address that the browser shows once VSA is open, such as https://vsa.example.com.");
   const bool token = method_of(call) == Method::token;
   if (token && read_access_token(call.secret("pat")).text.empty())
      return call.end(Outcome::invalid_settings,
                      Finding::error("input.required", "The access token consists of blanks only.",
                                     "Enter the token as VSA showed it once. If it is lost, create a new one at System "
                                     "> User Security > Users > (user) > Access Tokens.")
                          .field("pat"));
   if (token && call.setting("user_name").find(':') != std::string_view::npos)
      return invalid(call, "user_name", "A user name with a colon cannot sign in to the REST interface.",
                     "Use a VSA user whose name holds no colon.");
   if (!token && call.setting("user_name").find(',') != std::string_view::npos)
      return invalid(call, "user_name", "A user name with a comma cannot sign in with a password.",
                     "Choose the sign-in with an access token, or use a VSA user whose name holds no comma.");
   return check_control_characters(call);
}

void report_notices(Call& call) {
   if (method_of(call) != Method::token) return;
   const auto token = read_access_token(call.secret("pat"));
   if (token.text.empty()) return;  // an error, and told as one
   if (token.trimmed)
      call.report(Finding::info("input.invalid", "White space around the access token was left out.").field("pat"));
   if (!token.looks_right)
      call.report(Finding::warning("input.invalid",
                                   "The access token does not look like one: VSA's are 32 hexadecimal digits with four "
                                   "hyphens.")
                      .field("pat")
                      .remedy("If VSA refuses it, copy the token again, or create a new one at System > User Security "
                              "> Users > (user) > Access Tokens."));
}

Finding method_deprecated() {
   return Finding::warning("auth.method_deprecated", "Password sign-in still works, but Kaseya will end it.")
       .field("auth_method")
       .remedy(
           "In VSA, open System > User Security > Users > (user) > Access Tokens and create a token for this "
           "integration's own user: tick only REST API, and leave the IP list empty or enter this console's "
           "address. Then edit the integration: choose the access token and enter it. The password serves until "
           "the token is accepted.");
}

}  // namespace kaseya_vsa
