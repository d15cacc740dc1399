#include "sim/oauth/oauth_answers.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "sim/form.hpp"

namespace msp::sim::oauth {
namespace {

// One JSON object. Texts that are empty are left out.
class Object {
 public:
   Object() { writer_.StartObject(); }

   Object& text(const char* key, const std::string& value) {
      if (value.empty()) return *this;
      writer_.Key(key);
      writer_.String(value);
      return *this;
   }
   Object& number(const char* key, std::size_t value) {
      writer_.Key(key);
      writer_.Uint64(value);
      return *this;
   }
   Object& boolean(const char* key, bool value) {
      writer_.Key(key);
      writer_.Bool(value);
      return *this;
   }
   template <typename Texts>
   Object& texts(const char* key, const Texts& values) {
      writer_.Key(key);
      writer_.StartArray();
      for (const std::string& each : values) writer_.String(each);
      writer_.EndArray();
      return *this;
   }
   Object& object(const char* key, const std::string& json) {
      writer_.Key(key);
      writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
      return *this;
   }
   std::string end() {
      writer_.EndObject();
      return buffer_.GetString();
   }

 private:
   rapidjson::StringBuffer buffer_;
   rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

Reply not_stored(Reply reply) {
   reply.set_header("Cache-Control", "no-store");
   reply.set_header("Pragma", "no-cache");
   return reply;
}

}  // namespace

std::string scope_text(const Scopes& scopes) {
   std::string text;
   for (const std::string& each : scopes) text += (text.empty() ? "" : " ") + each;
   return text;
}

Reply token_answer(const Scenario& scenario, const Tokens& tokens) {
   return not_stored(Reply::json(Object()
                                     .text("access_token", tokens.access_token)
                                     .text("token_type", "Bearer")
                                     .number("expires_in", scenario.access_token_seconds)
                                     .text("refresh_token", tokens.refresh_token)
                                     .text("scope", scope_text(tokens.scopes))
                                     .end()));
}

Reply refusal_answer(const Refusal& refusal, bool by_header) {
   Reply reply = not_stored(Reply::json(
       Object().text("error", refusal.error).text("error_description", refusal.description).end(), refusal.status));
   if (refusal.status == 401 && by_header) reply.set_header("WWW-Authenticate", "Basic realm=\"token\"");
   return reply;
}

Reply device_answer(const Scenario& scenario, const DeviceCode& code) {
   const std::string address = scenario.issuer() + "/device";
   const std::string complete =
       scenario.device_complete_uri ? with_query(address, {{"user_code", code.user_code}}) : std::string();
   return not_stored(Reply::json(Object()
                                     .text("device_code", code.device_code)
                                     .text("user_code", code.user_code)
                                     .text("verification_uri", address)
                                     .text("verification_uri_complete", complete)
                                     .number("expires_in", scenario.device_seconds)
                                     .number("interval", scenario.device_interval)
                                     .end()));
}

Reply metadata(const Scenario& scenario) {
   const std::string issuer = scenario.issuer();
   return Reply::json(
       Object()
           .text("issuer", issuer)
           .text("authorization_endpoint", issuer + "/authorize")
           .text("token_endpoint", issuer + "/token")
           .text("device_authorization_endpoint", issuer + "/device_authorization")
           .text("revocation_endpoint", issuer + "/revoke")
           .text("userinfo_endpoint", issuer + "/userinfo")
           .texts("scopes_supported", scenario.scopes)
           .texts("response_types_supported", Scopes{"code"})
           .texts("grant_types_supported",
                  Scopes{kCodeGrant, kRefreshGrant, kClientGrant, kDeviceGrant, kAssertionGrant})
           .texts("code_challenge_methods_supported", Scopes{"S256"})
           .boolean("authorization_response_iss_parameter_supported", scenario.iss != Scenario::Iss::absent)
           .end());
}

Reply who_am_i(const Scenario& scenario, const Authorization& authorization) {
   const User* user = authorization.user;
   const Tenant* tenant =
       user == nullptr ? &scenario.tenant_of(*authorization.client) : scenario.find_tenant(user->tenants.front());
   Object answer;
   answer.text("sub", user == nullptr ? authorization.client->id : user->login)
       .text("name", user == nullptr ? authorization.client->name : user->name)
       .text("client_id", authorization.client->id)
       .text("scope", scope_text(authorization.scopes))
       .object("tenant", Object().text("id", tenant->id).text("name", tenant->name).end());
   return not_stored(Reply::json(answer.end()));
}

Reply bearer_refusal(int status, const std::string& error, const std::string& scope) {
   Reply reply = Reply::json(Object().text("error", error).end(), status);
   std::string challenge = "Bearer realm=\"api\"";
   if (!error.empty()) challenge += ", error=\"" + error + '"';
   if (!scope.empty()) challenge += ", scope=\"" + scope + '"';
   reply.set_header("WWW-Authenticate", challenge);
   return reply;
}

}  // namespace msp::sim::oauth
