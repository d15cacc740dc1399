#include "sim/autotask/autotask_scenario.hpp"

#include <algorithm>

#include "sim/scenario_reader.hpp"

namespace msp::sim::autotask {
namespace {

constexpr const char* kCommonHost = "webservices.autotask.net";

// The secrets hold '$' and '#' because real ones do, and careless clients lose them.
constexpr std::string_view kDefault = R"({
  "zones": [
    { "name": "America East 2", "url": "https://webservices14.autotask.net/ATServicesRest/", "ci": 123456 },
    { "name": "UK", "url": "https://webservices16.autotask.net/ATServicesRest/", "ci": 160001 }
  ],
  "users": [
    { "about": "may do everything",
      "login": "api+console@msp.example", "secret": "Throw$away#1",
      "integration_codes": ["THROWAWAYTRACKINGIDENTIFIER"], "default_rights": { "all": "All" } },
    { "about": "may not update tickets",
      "login": "no-ticket-editing@msp.example", "secret": "Throw$away#2",
      "integration_codes": ["THROWAWAYTRACKINGIDENTIFIER"], "default_rights": { "all": "All" },
      "rights": { "Tickets": { "create": "All", "delete": "None", "query": "All", "update": "None" } } },
    { "about": "everything under conditions",
      "login": "restricted@msp.example", "secret": "Throw$away#3",
      "integration_codes": ["THROWAWAYTRACKINGIDENTIFIER"], "default_rights": { "all": "Restricted" } },
    { "about": "refused although the secret is right",
      "login": "locked@msp.example", "secret": "Throw$away#4", "state": "locked",
      "integration_codes": ["THROWAWAYTRACKINGIDENTIFIER"], "default_rights": { "all": "All" } },
    { "about": "not an API-only user",
      "login": "person@msp.example", "secret": "Throw$away#5", "api_only": false,
      "integration_codes": ["THROWAWAYTRACKINGIDENTIFIER"], "default_rights": { "all": "All" } },
    { "about": "moves to another zone after one request",
      "login": "moved@msp.example", "secret": "Throw$away#6", "moves_to": "UK", "moves_after": 1,
      "integration_codes": ["THROWAWAYTRACKINGIDENTIFIER"], "default_rights": { "all": "All" } }
  ]
})";

void read_access(ScenarioReader& reader, const char* key, Access& access) {
   reader.choice(key, access,
                 {{"None", Access::none},
                  {"All", Access::all},
                  {"Restricted", Access::restricted},
                  {"NotOffered", Access::not_offered}});
}

// `all` first, then the single operations, so that one can say "everything but".
void read_rights(ScenarioReader& reader, Rights& rights) {
   Access all = rights.front();
   read_access(reader, "all", all);
   if (reader.has("all")) rights.fill(all);
   read_access(reader, "create", rights[static_cast<std::size_t>(Operation::create)]);
   read_access(reader, "delete", rights[static_cast<std::size_t>(Operation::remove)]);
   read_access(reader, "query", rights[static_cast<std::size_t>(Operation::query)]);
   read_access(reader, "update", rights[static_cast<std::size_t>(Operation::update)]);
}

Zone read_zone(ScenarioReader& reader) {
   Zone zone;
   reader.text("name", zone.name);
   reader.text("url", zone.url);
   reader.count("ci", zone.ci);
   if (zone.host().empty())
      reader.fail("url", "must be an address like https://webservices14.autotask.net/ATServicesRest/.");
   return zone;
}

void read_zone_name(ScenarioReader& reader, const char* key, const std::vector<Zone>& zones, std::string& name) {
   reader.text(key, name);
   const bool known = std::any_of(zones.begin(), zones.end(), [&](const Zone& zone) { return zone.name == name; });
   if (!name.empty() && !known) reader.fail(key, "\"" + name + "\" is none of the zones.");
}

User read_user(ScenarioReader& reader, const std::vector<Zone>& zones) {
   User user;
   reader.text("about", user.about);
   reader.text("login", user.login);
   if (user.login.empty()) reader.fail("login", "must not be empty.");
   reader.text("secret", user.secret);
   reader.texts("integration_codes", user.integration_codes);
   reader.boolean("api_only", user.api_only);
   using State = User::State;
   reader.choice("state", user.state,
                 {{"active", State::active},
                  {"locked", State::locked},
                  {"inactive", State::inactive},
                  {"expired", State::expired}});
   reader.count("ci", user.ci);
   read_zone_name(reader, "zone", zones, user.zone);
   read_zone_name(reader, "moves_to", zones, user.moves_to);
   reader.count("moves_after", user.moves_after);
   user.default_rights.fill(Access::all);
   reader.object("default_rights", [&](ScenarioReader& rights) { read_rights(rights, user.default_rights); });
   reader.object("rights", [&](ScenarioReader& rights) {
      for (const std::string& name : rights.keys()) {
         const Entity* entity = find_entity(name);
         if (entity == nullptr)
            rights.fail(name.c_str(), "is no entity of the simulator. Use the plural, like Tickets.");
         Rights each = user.default_rights;
         rights.object(name.c_str(), [&](ScenarioReader& operations) { read_rights(operations, each); });
         user.rights[std::string(entity->plural)] = each;
      }
   });
   return user;
}

void read_variants(ScenarioReader& reader, Scenario& scenario) {
   using S = Scenario;
   reader.choice("one_shot", scenario.one_shot,
                 {{"absent", S::OneShot::absent},
                  {"singular", S::OneShot::singular},
                  {"plural", S::OneShot::plural},
                  {"soap", S::OneShot::soap}});
   reader.choice("one_shot_shape", scenario.one_shot_shape,
                 {{"documented", S::OneShotShape::documented},
                  {"bare_list", S::OneShotShape::bare_list},
                  {"without_info", S::OneShotShape::without_info},
                  {"without_access", S::OneShotShape::without_access}});
   reader.texts("one_shot_entities", scenario.one_shot_entities);
   reader.choice("keys", scenario.keys, {{"camel", S::Keys::camel}, {"pascal", S::Keys::pascal}});
   reader.choice("access_values", scenario.access_values,
                 {{"text", S::AccessValue::text},
                  {"lower", S::AccessValue::lower},
                  {"upper", S::AccessValue::upper},
                  {"number", S::AccessValue::number},
                  {"number_text", S::AccessValue::number_text},
                  {"boolean", S::AccessValue::boolean},
                  {"null", S::AccessValue::null},
                  {"missing", S::AccessValue::missing}});
   reader.choice("wrong_code", scenario.wrong_code,
                 {{"500", S::WrongCode::envelope_500}, {"401", S::WrongCode::empty_401}});
   reader.choice("denied", scenario.denied, {{"500", S::Denied::envelope_500}, {"403", S::Denied::status_403}});
   reader.count("thread_limit", scenario.thread_limit);
   reader.choice("over_thread_limit", scenario.over_thread_limit,
                 {{"429", S::OverLimit::status_429}, {"500", S::OverLimit::envelope_500}});
   reader.choice("wrong_zone", scenario.wrong_zone,
                 {{"401", S::WrongZone::empty_401}, {"empty", S::WrongZone::empty_results}});
   reader.count("lock_after", scenario.lock_after);
}

void apply_text(Scenario& scenario, const std::string& text) {
   const rapidjson::Document document = parse_scenario(text);
   ScenarioReader reader(document);
   scenario.wire.read(reader);
   if (reader.has("zones")) scenario.zones.clear();
   reader.list("zones", [&](ScenarioReader& zone) { scenario.zones.push_back(read_zone(zone)); });
   if (scenario.zones.empty()) reader.fail("zones", "must name at least one zone.");
   if (reader.has("users")) scenario.users.clear();
   reader.list("users", [&](ScenarioReader& user) { scenario.users.push_back(read_user(user, scenario.zones)); });
   read_variants(reader, scenario);
   reader.finish();
}

}  // namespace

const std::vector<Entity>& entities() {
   static const std::vector<Entity> all = {
       {"Tickets", "Ticket", "Ticket"},
       {"TicketNotes", "TicketNote", "TicketNote"},
       {"Companies", "Company", "Account"},
       {"Contacts", "Contact", "Contact"},
       {"Products", "Product", "Product"},
       {"Services", "Service", "Service"},
       {"Contracts", "Contract", "Contract"},
       {"ContractServices", "ContractService", "ContractService"},
       {"ContractServiceUnits", "ContractServiceUnit", "ContractServiceUnit"},
       {"ConfigurationItems", "ConfigurationItem", "InstalledProduct"},
   };
   return all;
}

const Entity* find_entity(std::string_view plural) {
   for (const Entity& entity : entities())
      if (equal_ignoring_case(entity.plural, plural)) return &entity;
   return nullptr;
}

std::string Zone::host() const {
   const std::size_t scheme = url.find("://");
   if (scheme == std::string::npos) return "";
   const std::string rest = url.substr(scheme + 3);
   const std::string authority = rest.substr(0, rest.find('/'));
   const std::string host = authority.substr(authority.find('@') + 1);
   return to_lower(host.substr(0, host.find(':')));
}

const Zone& Scenario::zone(const std::string& name) const {
   for (const Zone& each : zones)
      if (each.name == name) return each;
   return zones.front();
}

unsigned Scenario::tenant_of(const User& user) const { return user.ci != 0 ? user.ci : zone(user.zone).ci; }

std::vector<std::string> Scenario::hosts() const {
   std::vector<std::string> result = {kCommonHost};
   for (const Zone& each : zones)
      if (std::find(result.begin(), result.end(), each.host()) == result.end()) result.push_back(each.host());
   return result;
}

std::string_view default_scenario_text() { return kDefault; }

Scenario read_scenario(const std::string& text) {
   Scenario scenario;
   apply_text(scenario, std::string(kDefault));
   if (!text.empty()) apply_text(scenario, text);
   return scenario;
}

}  // namespace msp::sim::autotask
