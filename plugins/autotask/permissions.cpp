#include "permissions.hpp"

#include <algorithm>

#include "msp/sdk/json.hpp"

namespace autotask {

std::vector<Permission> read_permissions(std::string_view manifest) {
   std::vector<Permission> permissions;
   const auto json = msp::sdk::Json::parse(manifest);
   if (!json) return permissions;
   for (const auto& item : (*json)["permissions"].items()) {
      const auto text = [&](std::string_view key) { return std::string(item[key].text().value_or("")); };
      permissions.push_back({text("id"), text("entity"), text("operation"), text("need") == "required"});
   }
   return permissions;
}

std::vector<std::string> entities_of(const std::vector<Permission>& permissions) {
   std::vector<std::string> entities;
   for (const Permission& permission : permissions)
      if (std::find(entities.begin(), entities.end(), permission.entity) == entities.end())
         entities.push_back(permission.entity);
   return entities;
}

}  // namespace autotask
