// entity_information.hpp - what Autotask says about one entity (Tickets, Companies, ...) and this user's rights on it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "msp/sdk/call.hpp"

namespace autotask {

// A verdict with what was seen, for example "canUpdate=true, userAccessForUpdate=None".
struct Right {
   msp::sdk::Granted granted = msp::sdk::Granted::unknown;
   std::string evidence;
};

struct EntityInformation {
   std::string name;  // as Autotask gives it: "Ticket", "Tickets" or an older name
   Right create;
   Right query;
   Right update;

   // The right for an operation of the manifest: "create", "query" or "update".
   [[nodiscard]] Right right(std::string_view operation) const;

   // Every right denied, for an entity about which the user may not even ask.
   static EntityInformation denied(std::string name, const std::string& evidence);
};

// The answer of {Entity}/entityInformation. Nothing when it is not that document.
std::optional<EntityInformation> read_entity_information(std::string_view body);

// The answer of the one-shot EntityInformation: every entity that it describes. Empty when it is not that document.
std::vector<EntityInformation> read_entity_list(std::string_view body);

// Whether a name that Autotask gave means this entity of the REST interface: singular or plural, in any case, or the
// name from the older SOAP interface.
bool names_entity(std::string_view given, std::string_view entity);

}  // namespace autotask
