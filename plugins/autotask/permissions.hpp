// permissions.hpp - the rights that this plugin asks about: those of its own manifest, which is the only list.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace autotask {

struct Permission {
   std::string id;
   std::string entity;     // as in the API, "Tickets"
   std::string operation;  // "create", "query" or "update"
   bool required = true;
};

// The permissions of a manifest, in its order.
std::vector<Permission> read_permissions(std::string_view manifest);

// The entities that they are about, each once, in their order.
std::vector<std::string> entities_of(const std::vector<Permission>& permissions);

}  // namespace autotask
