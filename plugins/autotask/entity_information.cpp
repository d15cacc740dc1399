#include "entity_information.hpp"

#include "msp/sdk/json.hpp"
#include "msp/sdk/text.hpp"

namespace autotask {
namespace {

using msp::sdk::equal_ignoring_case;
using msp::sdk::Granted;
using msp::sdk::JsonValue;

// On the wire the words are used; the vendor's help describes numbers, and a boolean too.
Granted access_of(JsonValue value) {
   const std::string_view word = msp::sdk::trim(value.text().value_or(""));
   for (const std::string_view none : {"none", "0", "false"})
      if (equal_ignoring_case(word, none)) return Granted::none;
   for (const std::string_view all : {"all", "1", "true"})
      if (equal_ignoring_case(word, all)) return Granted::all;
   for (const std::string_view restricted : {"restricted", "2"})
      if (equal_ignoring_case(word, restricted)) return Granted::restricted;
   return Granted::unknown;
}

std::string shown(JsonValue value) {
   if (!value.exists()) return "(absent)";
   if (value.is_null()) return "null";
   return std::string(value.text().value_or("(not a value)"));
}

// `operation` is "Create", "Query" or "Update". What the entity does not offer to anybody is denied, and so is what the
// user is denied; a yes needs both statements to be readable, or the first one to be missing altogether.
Right read_right(JsonValue info, const std::string& operation) {
   const std::string can_key = "can" + operation;
   const std::string access_key = "userAccessFor" + operation;
   const JsonValue can = info[can_key];
   const JsonValue access = info[access_key];

   Right right;
   right.evidence = can_key + "=" + shown(can) + ", " + access_key + "=" + shown(access);
   const auto offered = can.boolean();
   const Granted granted = access_of(access);
   if (offered == false || granted == Granted::none)
      right.granted = Granted::none;
   else if (offered == true || !can.exists())
      right.granted = granted;
   return right;
}

// {"info":{...}}, or the inside of it.
std::optional<EntityInformation> read_description(JsonValue value) {
   const JsonValue info = value["info"].is_object() ? value["info"] : value;
   bool says_something = false;
   for (const std::string_view key :
        {"canCreate", "canQuery", "canUpdate", "userAccessForCreate", "userAccessForQuery", "userAccessForUpdate"})
      says_something = says_something || info[key].exists();
   if (!says_something) return std::nullopt;
   return EntityInformation{std::string(info["name"].text().value_or("")), read_right(info, "Create"),
                            read_right(info, "Query"), read_right(info, "Update")};
}

// "Companies" -> "company", "Tickets" -> "ticket".
std::string singular(std::string_view name) {
   std::string lower = msp::sdk::to_lower(msp::sdk::trim(name));
   const auto ends_with = [&](std::string_view end) {
      return lower.size() > end.size() && lower.compare(lower.size() - end.size(), end.size(), end) == 0;
   };
   if (ends_with("ies")) return lower.replace(lower.size() - 3, 3, "y");
   if (ends_with("s")) lower.pop_back();
   return lower;
}

}  // namespace

Right EntityInformation::right(std::string_view operation) const {
   if (operation == "create") return create;
   if (operation == "query") return query;
   if (operation == "update") return update;
   return {};
}

EntityInformation EntityInformation::denied(std::string name, const std::string& evidence) {
   const Right none{Granted::none, evidence};
   return {std::move(name), none, none, none};
}

std::optional<EntityInformation> read_entity_information(std::string_view body) {
   const auto answer = msp::sdk::Json::parse(body);
   if (!answer) return std::nullopt;
   return read_description(answer->root());
}

std::vector<EntityInformation> read_entity_list(std::string_view body) {
   const auto answer = msp::sdk::Json::parse(body);
   if (!answer) return {};
   const JsonValue root = answer->root();
   std::vector<EntityInformation> entities;
   for (const JsonValue item : (root.is_array() ? root : root["entityDescriptions"]).items())
      if (auto entity = read_description(item); entity && !entity->name.empty()) entities.push_back(std::move(*entity));
   return entities;
}

bool names_entity(std::string_view given, std::string_view entity) {
   const std::string wanted = singular(entity);
   const std::string name = singular(given);
   if (name == wanted) return true;
   return (name == "account" && wanted == "company") || (name == "installedproduct" && wanted == "configurationitem");
}

}  // namespace autotask
