// resource_api.hpp - the small API that the tokens are for.
#pragma once

#include <string>

#include "sim/oauth/grants.hpp"

namespace msp::sim::oauth {

// GET /api/v1/me and /api/v1/tenants for anybody; GET and POST /api/v1/{companies,devices,tickets} by scope
// ("companies.read", "companies.write"). The header Tenant-Id picks another tenant of the user's. [any-thread]
class ResourceApi {
 public:
   ResourceApi(const Scenario& scenario, Grants& grants) : scenario_(scenario), grants_(grants) {}

   Reply answer(const Request& request);

   // Who has the request's token.
   Reply who(const Request& request);

 private:
   Reply list(const Request& request, const Authorization& authorization, const std::string& resource) const;
   Reply tenants(const Authorization& authorization) const;
   std::vector<std::string> tenants_of(const Authorization& authorization) const;

   // What the request's token is good for; nothing, and why in `refused`, if it has none.
   std::optional<Authorization> authorized(const Request& request, Reply& refused);

   const Scenario& scenario_;
   Grants& grants_;
};

}  // namespace msp::sim::oauth
