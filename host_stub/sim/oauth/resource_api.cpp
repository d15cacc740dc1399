#include "sim/oauth/resource_api.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>

#include "sim/oauth/oauth_answers.hpp"

namespace msp::sim::oauth {
namespace {

constexpr std::string_view kRoot = "/api/v1/";
constexpr std::array<std::string_view, 3> kResources = {"companies", "devices", "tickets"};

// [{"id": ..., "name": ...}]
std::string named_list(const std::vector<std::pair<std::string, std::string>>& items) {
   rapidjson::StringBuffer buffer;
   rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
   writer.StartArray();
   for (const auto& [id, name] : items) {
      writer.StartObject();
      writer.Key("id");
      writer.String(id);
      writer.Key("name");
      writer.String(name);
      writer.EndObject();
   }
   writer.EndArray();
   return buffer.GetString();
}

}  // namespace

std::optional<Authorization> ResourceApi::authorized(const Request& request, Reply& refused) {
   const std::string header = request.header("Authorization").value_or("");
   if (!to_lower(header).starts_with("bearer ")) {
      refused = bearer_refusal(401, "");
      return std::nullopt;
   }
   std::optional<Authorization> authorization = grants_.use_access_token(header.substr(7));
   if (!authorization) refused = bearer_refusal(401, "invalid_token");
   return authorization;
}

Reply ResourceApi::who(const Request& request) {
   Reply refused;
   const std::optional<Authorization> authorization = authorized(request, refused);
   return authorization ? who_am_i(scenario_, *authorization) : refused;
}

Reply ResourceApi::answer(const Request& request) {
   if (!request.path.starts_with(kRoot)) return Reply::json(R"({"error":"not_found"})", 404);
   const std::string resource = request.path.substr(kRoot.size());
   if (resource == "me") return who(request);
   Reply refused;
   const std::optional<Authorization> authorization = authorized(request, refused);
   if (!authorization) return refused;
   if (resource == "tenants") return tenants(*authorization);
   if (std::find(kResources.begin(), kResources.end(), resource) == kResources.end())
      return Reply::json(R"({"error":"not_found"})", 404);
   return list(request, *authorization, resource);
}

std::vector<std::string> ResourceApi::tenants_of(const Authorization& authorization) const {
   if (authorization.user != nullptr) return authorization.user->tenants;
   return {scenario_.tenant_of(*authorization.client).id};
}

Reply ResourceApi::tenants(const Authorization& authorization) const {
   std::vector<std::pair<std::string, std::string>> items;
   for (const std::string& id : tenants_of(authorization)) items.emplace_back(id, scenario_.find_tenant(id)->name);
   return Reply::json(named_list(items));
}

Reply ResourceApi::list(const Request& request, const Authorization& authorization, const std::string& resource) const {
   const bool reads = request.method == "GET";
   if (!reads && request.method != "POST") return Reply::json(R"({"error":"method_not_allowed"})", 405);
   const std::string scope = resource + (reads ? ".read" : ".write");
   if (!authorization.scopes.contains(scope)) return bearer_refusal(403, "insufficient_scope", scope);
   const std::vector<std::string> own = tenants_of(authorization);
   const std::string tenant = request.header("Tenant-Id").value_or(own.front());
   if (std::find(own.begin(), own.end(), tenant) == own.end())
      return Reply::json(R"({"error":"tenant_forbidden"})", 403);
   if (!reads) return Reply::json("{}", 201);
   std::vector<std::pair<std::string, std::string>> items;
   if (resource == "companies")
      for (const std::string& name : scenario_.find_tenant(tenant)->companies)
         items.emplace_back(tenant + '-' + std::to_string(items.size() + 1), name);
   return Reply::json(named_list(items));
}

}  // namespace msp::sim::oauth
