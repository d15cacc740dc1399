// autotask_scenario.hpp - everything about the simulated Autotask that can differ.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/simulator.hpp"

namespace msp::sim::autotask {

// What a user may do with an entity; not_offered: the entity does not have the operation at all (`canX` false).
enum class Access { none, all, restricted, not_offered };

enum class Operation { create, remove, query, update };
constexpr std::size_t kOperations = 4;
using Rights = std::array<Access, kOperations>;

// One entity under each of the names the platform has for it.
struct Entity {
   std::string_view plural;    // in the path: Tickets
   std::string_view singular;  // in entityInformation: Ticket
   std::string_view soap;      // in the older interface: Account for a company
};

const std::vector<Entity>& entities();

// By its plural name, without regard to case; nullptr if the platform has no such entity.
const Entity* find_entity(std::string_view plural);

struct Zone {
   std::string name;
   std::string url;  // as zoneInformation answers it
   unsigned ci = 100001;

   std::string host() const;  // of the url
};

struct User {
   enum class State { active, locked, inactive, expired };

   std::string about;  // for people
   std::string login;
   std::string secret;
   std::vector<std::string> integration_codes;
   bool api_only = true;
   State state = State::active;
   unsigned ci = 0;                       // the tenant; 0: the one that the user's zone names
   std::string zone;                      // by name; empty: the first zone
   std::string moves_to;                  // the tenant's later zone; empty: it stays
   std::size_t moves_after = 1;           // after so many accepted requests
   Rights default_rights{};               // for entities that `rights` does not name
   std::map<std::string, Rights> rights;  // by plural name
};

// Everything about the simulated Autotask that can differ; where the evidence differs, so does the choice.
struct Scenario {
   enum class OneShot { absent, singular, plural, soap };
   enum class OneShotShape { documented, bare_list, without_info, without_access };
   enum class Keys { camel, pascal };
   enum class AccessValue { text, lower, upper, number, number_text, boolean, null, missing };
   enum class WrongCode { envelope_500, empty_401 };
   enum class Denied { envelope_500, status_403 };
   enum class OverLimit { status_429, envelope_500 };
   enum class WrongZone { empty_401, empty_results };

   WireScenario wire;
   std::vector<Zone> zones;
   std::vector<User> users;
   OneShot one_shot = OneShot::singular;
   OneShotShape one_shot_shape = OneShotShape::documented;
   std::vector<std::string> one_shot_entities;  // those it answers, by plural name; empty: all
   Keys keys = Keys::camel;
   AccessValue access_values = AccessValue::text;
   WrongCode wrong_code = WrongCode::envelope_500;
   Denied denied = Denied::envelope_500;
   std::size_t thread_limit = 3;
   OverLimit over_thread_limit = OverLimit::status_429;
   WrongZone wrong_zone = WrongZone::empty_401;
   std::size_t lock_after = 5;  // wrong secrets in a row

   const Zone& zone(const std::string& name) const;  // empty: the first
   unsigned tenant_of(const User& user) const;       // by its number, wherever it moved
   std::vector<std::string> hosts() const;           // the common one and each zone's
};

// The scenario used without a file, as the JSON one would write.
std::string_view default_scenario_text();

// The default scenario with what the text says instead; empty text: the default. Throws ScenarioError.
Scenario read_scenario(const std::string& text);

}  // namespace msp::sim::autotask
