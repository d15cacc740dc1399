#include "open_session.hpp"

#include "msp/sdk/text.hpp"
#include "msp/sdk/time.hpp"

namespace kaseya_vsa {

using msp::sdk::Identity;
using msp::sdk::JsonValue;
using msp::sdk::Secret;

namespace {

constexpr std::int64_t kAssumedLifetime = std::int64_t{20} * 60;

std::string text_of(JsonValue value) { return std::string(msp::sdk::trim(value.text().value_or(""))); }

}  // namespace

std::vector<msp::sdk::Pair> OpenSession::headers() const {
   std::vector<msp::sdk::Pair> headers;
   headers.emplace_back("Authorization", Secret::join({"Bearer ", token.view()}));
   headers.emplace_back("Accept", Secret("application/json"), true);
   return headers;
}

Identity OpenSession::identity(const ServerAddress& server, std::string_view typed_user) const {
   Identity identity;
   identity.account = tenant.empty() ? server.authority : server.authority + "/" + tenant;
   identity.label = server.authority;
   for (const auto& [word, value] : {std::pair{"tenant", &tenant}, {"role", &role}, {"scope", &scope}})
      if (!value->empty()) identity.label += ", " + std::string(word) + " " + *value;
   // Two that differ in case only are taken for the same user.
   identity.principal = msp::sdk::to_lower(user.empty() ? typed_user : std::string_view(user));
   identity.endpoint = server.base_url();
   return identity;
}

std::optional<OpenSession> read_open_session(JsonValue result, std::int64_t now) {
   const std::string_view token = result["Token"].text().value_or("");
   if (token.empty() || msp::sdk::has_control_character(token)) return std::nullopt;
   OpenSession session;
   session.token = Secret(token);
   session.user = text_of(result["UserName"]);
   session.tenant = text_of(result["TenantId"]);
   session.role = text_of(result["RoleId"]);
   session.scope = text_of(result["ScopeId"]);
   // An end that has passed already comes from a clock that goes wrong, there or here.
   const auto end = msp::sdk::parse_iso8601(msp::sdk::trim(result["SessionExpiration"].text().value_or("")));
   session.expires_at = end && *end > now ? *end : now + kAssumedLifetime;
   return session;
}

}  // namespace kaseya_vsa
