#include "sim/kaseya_vsa/kaseya_scenario.hpp"

#include <algorithm>

#include "sim/scenario_reader.hpp"

namespace msp::sim::kaseya {
namespace {

constexpr std::string_view kDefault = R"({
  "roles": [
    { "id": 2, "name": "Security console" },
    { "id": 3, "name": "Without agents",
      "functions": ["environment", "orgs", "machinegroups", "agentprocs", "securityproducts", "servicedesks"] }
  ],
  "scopes": [
    { "id": 2, "name": "Everything", "organizations": ["Adventure Bakery", "Blue Lighthouse Law", "Cedar Street Dental"] },
    { "id": 3, "name": "Nothing", "organizations": [] }
  ],
  "users": [
    { "about": "may do everything", "login": "console", "password": "Throw$away,1",
      "tokens": [ { "token": "0f1e2d3c-0000-4000-8000-000000000001" } ] },
    { "about": "role without agents", "login": "no-agents", "password": "Throw$away,2", "role": "Without agents",
      "tokens": [ { "token": "0f1e2d3c-0000-4000-8000-000000000002" } ] },
    { "about": "scope without records", "login": "sees-nothing", "password": "Throw$away,3", "scope": "Nothing",
      "tokens": [ { "token": "0f1e2d3c-0000-4000-8000-000000000003" } ] },
    { "about": "disabled", "login": "disabled", "password": "Throw$away,4", "state": "disabled",
      "tokens": [ { "token": "0f1e2d3c-0000-4000-8000-000000000004" } ] },
    { "about": "token expired", "login": "expired", "password": "Throw$away,5",
      "tokens": [ { "token": "0f1e2d3c-0000-4000-8000-000000000005", "expires": "2022-01-31T00:00:00" } ] },
    { "about": "token for another address", "login": "elsewhere", "password": "Throw$away,6",
      "tokens": [ { "token": "0f1e2d3c-0000-4000-8000-000000000006", "addresses": ["198.51.100.20"] } ] },
    { "about": "token with Data Warehouse ticked", "login": "warehouse", "password": "Throw$away,7",
      "tokens": [ { "token": "0f1e2d3c-0000-4000-8000-000000000007", "data_warehouse": true } ] },
    { "about": "token may read no organisations", "login": "narrow-token", "password": "Throw$away,8",
      "tokens": [ { "token": "0f1e2d3c-0000-4000-8000-000000000008",
                    "functions": ["environment", "machinegroups", "agents", "agentprocs"] } ] }
  ]
})";

void read_functions(ScenarioReader& reader, std::set<std::string>& functions) {
   if (!reader.has("functions")) return;
   std::vector<std::string> names;
   reader.texts("functions", names);
   for (const std::string& name : names) {
      if (all_functions().contains(name)) continue;
      std::string known;
      for (const std::string& each : all_functions()) known += (known.empty() ? "" : ", ") + each;
      reader.fail("functions", "\"" + name + "\" is not known. Known are: " + known + ".");
   }
   functions = {names.begin(), names.end()};
}

Role read_role(ScenarioReader& reader) {
   Role role;
   reader.count("id", role.id);
   reader.text("name", role.name);
   read_functions(reader, role.functions);
   return role;
}

Scope read_scope(ScenarioReader& reader) {
   Scope scope;
   reader.count("id", scope.id);
   reader.text("name", scope.name);
   reader.texts("organizations", scope.organizations);
   return scope;
}

AccessToken read_token(ScenarioReader& reader) {
   AccessToken token;
   reader.text("token", token.token);
   if (token.token.empty()) reader.fail("token", "must not be empty.");
   reader.choice("state", token.state,
                 {{"active", AccessToken::State::active}, {"revoked", AccessToken::State::revoked}});
   reader.text("expires", token.expires);
   reader.texts("addresses", token.addresses);
   reader.boolean("data_warehouse", token.data_warehouse);
   read_functions(reader, token.functions);
   return token;
}

template <typename Named>
void read_name(ScenarioReader& reader, const char* key, const std::vector<Named>& all, std::string& name) {
   reader.text(key, name);
   const bool is_known = std::any_of(all.begin(), all.end(), [&](const Named& each) { return each.name == name; });
   if (!name.empty() && !is_known) reader.fail(key, "\"" + name + "\" is none of the " + key + "s.");
}

User read_user(ScenarioReader& reader, const Scenario& scenario) {
   User user;
   reader.text("about", user.about);
   reader.text("login", user.login);
   if (user.login.empty()) reader.fail("login", "must not be empty.");
   reader.text("password", user.password);
   using State = User::State;
   reader.choice("state", user.state,
                 {{"active", State::active}, {"disabled", State::disabled}, {"locked", State::locked}});
   read_name(reader, "role", scenario.roles, user.role);
   read_name(reader, "scope", scenario.scopes, user.scope);
   reader.list("tokens", [&](ScenarioReader& token) { user.tokens.push_back(read_token(token)); });
   return user;
}

void read_variants(ScenarioReader& reader, Scenario& scenario) {
   using S = Scenario;
   reader.choice("product", scenario.product,
                 {{"vsa9", S::Product::vsa9}, {"vsa_x", S::Product::vsa_x}, {"portal", S::Product::portal}});
   reader.text("version", scenario.version);
   reader.boolean("token_support", scenario.token_support);
   reader.boolean("service_desk", scenario.service_desk);
   reader.boolean("hardened", scenario.hardened);
   reader.choice("refusal", scenario.refusal,
                 {{"http_status", S::Refusal::http_status},
                  {"in_200", S::Refusal::in_200},
                  {"text", S::Refusal::text},
                  {"empty", S::Refusal::empty},
                  {"page", S::Refusal::page}});
   reader.choice("response_code", scenario.response_code,
                 {{"seven_digits", S::Code::seven_digits},
                  {"three_digits", S::Code::three_digits},
                  {"seven_digits_text", S::Code::seven_digits_text},
                  {"three_digits_text", S::Code::three_digits_text}});
   reader.choice("refusal_words", scenario.refusal_words,
                 {{"named", S::Words::named}, {"captured", S::Words::captured}});
   reader.choice("session_expiration", scenario.session_expiration,
                 {{"fraction", S::Expiration::fraction},
                  {"plain", S::Expiration::plain},
                  {"zulu", S::Expiration::zulu},
                  {"fraction_zulu", S::Expiration::fraction_zulu},
                  {"absent", S::Expiration::absent}});
   reader.choice("ids", scenario.ids,
                 {{"documented", S::Ids::documented}, {"text", S::Ids::text}, {"number", S::Ids::number}});
   reader.count("session_seconds", scenario.session_seconds);
   reader.count("drop_session_after", scenario.drop_session_after);
   reader.count("lock_after", scenario.lock_after);
   reader.text("client_address", scenario.client_address);
}

void apply_text(Scenario& scenario, const std::string& text) {
   const rapidjson::Document document = parse_scenario(text);
   ScenarioReader reader(document);
   scenario.wire.read(reader);
   reader.text("host", scenario.host);
   read_variants(reader, scenario);
   if (reader.has("roles")) scenario.roles.clear();
   reader.list("roles", [&](ScenarioReader& role) { scenario.roles.push_back(read_role(role)); });
   if (scenario.roles.empty()) reader.fail("roles", "must name at least one role.");
   if (reader.has("scopes")) scenario.scopes.clear();
   reader.list("scopes", [&](ScenarioReader& scope) { scenario.scopes.push_back(read_scope(scope)); });
   if (scenario.scopes.empty()) reader.fail("scopes", "must name at least one scope.");
   if (reader.has("users")) scenario.users.clear();
   reader.list("users", [&](ScenarioReader& user) { scenario.users.push_back(read_user(user, scenario)); });
   reader.finish();
}

// The one of that name, or the first.
template <typename Named>
const Named& pick(const std::vector<Named>& all, const std::string& name) {
   for (const Named& each : all)
      if (each.name == name) return each;
   return all.front();
}

}  // namespace

const std::set<std::string>& all_functions() {
   static const std::set<std::string> all = {"environment",      "orgs",        "machinegroups", "agents", "agentprocs",
                                             "securityproducts", "servicedesks"};
   return all;
}

const Role& Scenario::role_of(const User& user) const { return pick(roles, user.role); }
const Scope& Scenario::scope_of(const User& user) const { return pick(scopes, user.scope); }

std::string_view default_scenario_text() { return kDefault; }

Scenario read_scenario(const std::string& text) {
   Scenario scenario;
   apply_text(scenario, std::string(kDefault));
   if (!text.empty()) apply_text(scenario, text);
   return scenario;
}

}  // namespace msp::sim::kaseya
