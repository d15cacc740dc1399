// msp/sdk/permission.hpp - the rights that a plugin asks about: those of its own manifest, which is the only list.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "msp/sdk/json.hpp"

namespace msp::sdk {

struct Permission {
   std::string id;
   std::string entity;
   std::string operation;
   bool required = true;
   bool verifiable = true;
};

// The permissions of a manifest, in its order: read_permissions(msp_plugin_manifest). [any-thread]
inline std::vector<Permission> read_permissions(std::string_view manifest) {
   std::vector<Permission> permissions;
   const auto json = Json::parse(manifest);
   if (!json) return permissions;
   for (const JsonValue& item : (*json)["permissions"].items()) {
      const auto text = [&](std::string_view key) { return std::string(item[key].text().value_or("")); };
      permissions.push_back({text("id"), text("entity"), text("operation"), text("need") == "required",
                             item["verifiable"].boolean().value_or(true)});
   }
   return permissions;
}

}  // namespace msp::sdk
