#include "sim/oauth/token_endpoint.hpp"

#include <algorithm>

#include "sim/base64.hpp"
#include "sim/oauth/oauth_answers.hpp"
#include "sim/oauth/refusal.hpp"
#include "sim/oauth/sign_in_pages.hpp"

namespace msp::sim::oauth {
namespace {

constexpr const char* kInvalidRequest = "invalid_request";
constexpr const char* kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

struct Basic {
   std::string id;
   std::string secret;
};

// RFC 6749 2.3.1: both halves are form-encoded before they are joined. Nothing if there is no such header.
std::optional<Basic> read_basic(const Request& request) {
   const std::string header = request.header("Authorization").value_or("");
   if (header.empty()) return std::nullopt;
   const Refusal unreadable{"invalid_client", "The Authorization header is not Basic, or not readable.", 401};
   const std::string text = basic_credentials(header).value_or("");
   const std::size_t colon = text.find(':');
   if (colon == std::string::npos) throw unreadable;
   const auto decoded = [](std::string half) {
      std::replace(half.begin(), half.end(), '+', ' ');
      return host::percent_decoded(half);
   };
   return Basic{decoded(text.substr(0, colon)), decoded(text.substr(colon + 1))};
}

Form read_form(const Request& request) {
   if (request.method != "POST") throw Refusal{kInvalidRequest, "Only POST is answered here.", 405};
   const std::string type = to_lower(request.header("Content-Type").value_or(""));
   if (!type.starts_with("application/x-www-form-urlencoded"))
      throw Refusal{kInvalidRequest, "The body must be a form."};
   Form form(request.body);
   if (form.repeats()) throw Refusal{kInvalidRequest, "A parameter comes twice."};
   return form;
}

std::string require(const Form& form, const char* name) {
   if (!form.has(name)) throw Refusal{kInvalidRequest, std::string("The parameter ") + name + " is missing."};
   return form.value(name);
}

}  // namespace

std::optional<Reply> TokenEndpoint::answer(const Request& request) {
   if (request.path != "/token" && request.path != "/device_authorization" && request.path != "/revoke")
      return std::nullopt;
   try {
      return reply_to(request);
   } catch (const Refusal& refusal) {
      return refusal_answer(refusal, request.header("Authorization").has_value());
   }
}

Reply TokenEndpoint::reply_to(const Request& request) {
   const Form form = read_form(request);
   if (request.path == "/token" && form.value("grant_type") == kAssertionGrant) return token_by_assertion(form);
   const Client& client = identify(request, form);
   if (request.path == "/revoke") {
      grants_.revoke(client, require(form, "token"));
      return {};
   }
   if (request.path == "/token") return token(client, form);
   if (!client.grants.contains(kDeviceGrant))
      throw Refusal{"unauthorized_client", "The client is not registered for this grant."};
   return device_answer(scenario_, grants_.new_device_code(client, asked(client, form.value("scope"))));
}

Scopes TokenEndpoint::asked(const Client& client, const std::string& text) const {
   const std::optional<Scopes> scopes = asked_scopes(scenario_, client, text);
   if (!scopes) throw Refusal{"invalid_scope", "The client may not ask for one of the scopes."};
   return *scopes;
}

const Client& TokenEndpoint::identify(const Request& request, const Form& form) {
   if (form.has("client_assertion") || form.has("client_assertion_type")) {
      if (request.header("Authorization") || form.has("client_secret"))
         throw Refusal{kInvalidRequest, "The client identifies itself in two ways."};
      return identify_by_assertion(form);
   }
   const std::optional<Basic> basic = read_basic(request);
   const bool is_in_form = form.has("client_secret");
   if (basic && is_in_form) throw Refusal{kInvalidRequest, "The client identifies itself in two ways."};
   const Client* client = scenario_.find_client(basic ? basic->id : form.value("client_id"));
   const Refusal refused{"invalid_client", "The client is unknown, or its secret is wrong.", 401};
   if (client == nullptr) throw refused;
   if (basic && form.has("client_id") && form.value("client_id") != basic->id)
      throw Refusal{kInvalidRequest, "The client names itself in two ways."};
   using Authentication = Client::Authentication;
   const bool is_misplaced = (client->authentication == Authentication::basic && is_in_form) ||
                             (client->authentication == Authentication::body && basic);
   if (is_misplaced || !client->keys.empty() || client->secret != (basic ? basic->secret : form.value("client_secret")))
      throw refused;
   return *client;
}

const Client& TokenEndpoint::identify_by_assertion(const Form& form) {
   if (form.value("client_assertion_type") != kAssertionType)
      throw Refusal{kInvalidRequest, "The client_assertion_type is unknown."};
   const Assertions::Judged judged = assertions_.judge(form.value("client_assertion"), "invalid_client", 401);
   const bool is_other = form.has("client_id") && form.value("client_id") != judged.client->id;
   if (is_other || judged.subject != judged.client->id)
      throw Refusal{"invalid_client", "The assertion is refused. It is about another client (sub).", 401};
   return *judged.client;
}

Reply TokenEndpoint::token_by_assertion(const Form& form) {
   const Assertions::Judged judged = assertions_.judge(require(form, "assertion"), "invalid_grant", 400);
   const Client& client = *judged.client;
   if (!client.grants.contains(kAssertionGrant))
      throw Refusal{"unauthorized_client", "The client is not registered for this grant."};
   const Scopes scopes = asked(client, form.has("scope") ? form.value("scope") : judged.scope);
   if (judged.subject.empty() || judged.subject == client.id)
      return token_answer(scenario_, grants_.issue_access({&client, nullptr, scopes}));
   const User* user = scenario_.find_user(judged.subject);
   if (user == nullptr || user->state != User::State::active)
      throw Refusal{"invalid_grant", "The assertion is refused. Its subject is unknown (sub)."};
   return token_answer(scenario_, grants_.issue_access({&client, user, granted_scopes(scopes, *user)}));
}

Reply TokenEndpoint::token(const Client& client, const Form& form) {
   const std::string grant = require(form, "grant_type");
   if (grant != kCodeGrant && grant != kRefreshGrant && grant != kClientGrant && grant != kDeviceGrant)
      throw Refusal{"unsupported_grant_type", "This grant_type is unknown."};
   if (!client.grants.contains(grant) || (grant == kClientGrant && client.is_public()))
      throw Refusal{"unauthorized_client", "The client is not registered for this grant."};
   return token_answer(scenario_, redeem(client, form, grant));
}

Tokens TokenEndpoint::redeem(const Client& client, const Form& form, const std::string& grant) {
   if (grant == kCodeGrant)
      return grants_.redeem_code(client, require(form, "code"), form.value("redirect_uri"),
                                 form.value("code_verifier"));
   if (grant == kDeviceGrant) return grants_.redeem_device_code(client, require(form, "device_code"));
   if (grant == kRefreshGrant) {
      const std::vector<std::string> scopes = words(form.value("scope"));
      return grants_.refresh(client, require(form, "refresh_token"), {scopes.begin(), scopes.end()});
   }
   return grants_.issue_access({&client, nullptr, asked(client, form.value("scope"))});
}

}  // namespace msp::sim::oauth
