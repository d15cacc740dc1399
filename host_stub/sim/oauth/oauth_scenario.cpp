#include "sim/oauth/oauth_scenario.hpp"

#include <algorithm>

#include "sim/scenario_reader.hpp"

namespace msp::sim::oauth {
namespace {

constexpr std::string_view kDefault = R"({
  "scopes": ["offline_access", "companies.read", "companies.write", "devices.read", "tickets.read", "tickets.write"],
  "tenants": [
    { "id": "7d1c", "name": "Harbour Street IT", "companies": ["Adventure Bakery", "Blue Lighthouse Law"] },
    { "id": "9e42", "name": "North Pier Systems", "companies": ["Cedar Street Dental"] }
  ],
  "users": [
    { "about": "may do everything", "login": "ada@harbour.example", "password": "Throw$away,1", "name": "Ada Fenn",
      "tenants": ["7d1c"] },
    { "about": "works for another tenant", "login": "ben@pier.example", "password": "Throw$away,2", "name": "Ben Ruiz",
      "tenants": ["9e42"] },
    { "about": "works for two tenants", "login": "cleo@both.example", "password": "Throw$away,3", "name": "Cleo Haas",
      "tenants": ["7d1c", "9e42"] },
    { "about": "may not read tickets", "login": "dan@harbour.example", "password": "Throw$away,4", "name": "Dan Ito",
      "tenants": ["7d1c"], "scopes": ["offline_access", "companies.read", "devices.read"] },
    { "about": "disabled", "login": "eve@harbour.example", "password": "Throw$away,5", "name": "Eve Moss",
      "tenants": ["7d1c"], "state": "disabled" }
  ],
  "clients": [
    { "about": "public, for a person", "id": "console-public", "name": "Security console",
      "redirect_uris": ["http://127.0.0.1/", "http://127.0.0.1/callback", "https://console.example.com/callback"],
      "grants": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"] },
    { "about": "confidential, for a person", "id": "console-secret", "secret": "throw-away-client-secret-1",
      "name": "Security console", "redirect_uris": ["http://127.0.0.1/", "http://127.0.0.1/callback",
      "https://console.example.com/callback"],
      "grants": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"] },
    { "about": "signs in for itself", "id": "console-service", "secret": "throw-away-client-secret-2",
      "name": "Nightly report", "grants": ["client_credentials"], "tenant": "7d1c",
      "scopes": ["companies.read", "devices.read", "tickets.read"] }
  ]
})";

void read_names(ScenarioReader& reader, const char* key, std::set<std::string>& target,
                const std::set<std::string>& known) {
   if (!reader.has(key)) return;
   std::vector<std::string> names;
   reader.texts(key, names);
   for (const std::string& name : names) {
      if (known.contains(name)) continue;
      std::string list;
      for (const std::string& each : known) list += (list.empty() ? "" : ", ") + each;
      reader.fail(key, "\"" + name + "\" is not known. Known are: " + list + ".");
   }
   target = {names.begin(), names.end()};
}

void require_tenant(ScenarioReader& reader, const char* key, const Scenario& scenario, const std::string& id) {
   if (scenario.find_tenant(id) == nullptr) reader.fail(key, "\"" + id + "\" is none of the tenants.");
}

Tenant read_tenant(ScenarioReader& reader) {
   Tenant tenant;
   reader.text("id", tenant.id);
   if (tenant.id.empty()) reader.fail("id", "must not be empty.");
   reader.text("name", tenant.name);
   reader.texts("companies", tenant.companies);
   return tenant;
}

User read_user(ScenarioReader& reader, const Scenario& scenario) {
   User user;
   reader.text("about", user.about);
   reader.text("login", user.login);
   if (user.login.empty()) reader.fail("login", "must not be empty.");
   reader.text("password", user.password);
   reader.text("name", user.name);
   reader.choice("state", user.state, {{"active", User::State::active}, {"disabled", User::State::disabled}});
   reader.texts("tenants", user.tenants);
   for (const std::string& id : user.tenants) require_tenant(reader, "tenants", scenario, id);
   if (user.tenants.empty()) user.tenants = {scenario.tenants.front().id};
   read_names(reader, "scopes", user.scopes, scenario.scopes);
   return user;
}

Key read_key(ScenarioReader& reader) {
   Key key;
   using Algorithm = Key::Algorithm;
   reader.choice("alg", key.algorithm,
                 {{"RS256", Algorithm::rs256},
                  {"PS256", Algorithm::ps256},
                  {"ES256", Algorithm::es256},
                  {"EdDSA", Algorithm::eddsa}});
   reader.text("kid", key.id);
   reader.text("public_key", key.public_key);
   reader.text("certificate", key.certificate);
   if (!key.is_usable()) reader.fail("public_key", "must be the PEM text of a key that suits \"alg\".");
   return key;
}

Client read_client(ScenarioReader& reader, const Scenario& scenario) {
   Client client;
   reader.text("about", client.about);
   reader.text("id", client.id);
   if (client.id.empty()) reader.fail("id", "must not be empty.");
   reader.text("secret", client.secret);
   reader.list("keys", [&](ScenarioReader& key) { client.keys.push_back(read_key(key)); });
   reader.text("name", client.name);
   using Authentication = Client::Authentication;
   reader.choice("authentication", client.authentication,
                 {{"any", Authentication::any}, {"basic", Authentication::basic}, {"body", Authentication::body}});
   reader.texts("redirect_uris", client.redirect_uris);
   read_names(reader, "grants", client.grants,
              {kCodeGrant, kRefreshGrant, kClientGrant, kDeviceGrant, kAssertionGrant});
   read_names(reader, "scopes", client.scopes, scenario.scopes);
   reader.text("tenant", client.tenant);
   if (!client.tenant.empty()) require_tenant(reader, "tenant", scenario, client.tenant);
   return client;
}

void read_variants(ScenarioReader& reader, Scenario& scenario) {
   using S = Scenario;
   reader.boolean("pkce_required", scenario.pkce_required);
   reader.choice("iss", scenario.iss, {{"right", S::Iss::right}, {"wrong", S::Iss::wrong}, {"absent", S::Iss::absent}});
   reader.choice("state", scenario.state,
                 {{"right", S::State::right}, {"wrong", S::State::wrong}, {"absent", S::State::absent}});
   reader.boolean("consent", scenario.consent);
   reader.text("signed_in", scenario.signed_in);
   reader.text("opener_policy", scenario.opener_policy);
   reader.count("code_seconds", scenario.code_seconds);
   reader.count("access_token_seconds", scenario.access_token_seconds);
   reader.count("access_token_uses", scenario.access_token_uses);
   reader.count("refresh_token_seconds", scenario.refresh_token_seconds);
   reader.choice("refresh_tokens", scenario.refresh_tokens,
                 {{"rotates", S::Refresh::rotates}, {"stays", S::Refresh::stays}});
   reader.choice("reuse", scenario.reuse, {{"revokes", S::Reuse::revokes}, {"refused", S::Reuse::refused}});
   reader.count("reuse_grace_seconds", scenario.reuse_grace_seconds);
   reader.boolean("refresh_needs_offline_access", scenario.refresh_needs_offline_access);
   reader.count("assertion_seconds", scenario.assertion_seconds);
   reader.count("device_seconds", scenario.device_seconds);
   reader.count("device_interval", scenario.device_interval);
   reader.boolean("device_complete_uri", scenario.device_complete_uri);
   reader.choice("device_answer", scenario.device_answer,
                 {{"none", S::Answer::none}, {"allow", S::Answer::allow}, {"deny", S::Answer::deny}});
   reader.count("device_answer_at", scenario.device_answer_at);
}

void apply_text(Scenario& scenario, const std::string& text) {
   const rapidjson::Document document = parse_scenario(text);
   ScenarioReader reader(document);
   scenario.wire.read(reader);
   reader.text("login_host", scenario.login_host);
   reader.text("api_host", scenario.api_host);
   read_variants(reader, scenario);
   std::vector<std::string> scopes(scenario.scopes.begin(), scenario.scopes.end());
   reader.texts("scopes", scopes);
   scenario.scopes = {scopes.begin(), scopes.end()};
   if (reader.has("tenants")) scenario.tenants.clear();
   reader.list("tenants", [&](ScenarioReader& tenant) { scenario.tenants.push_back(read_tenant(tenant)); });
   if (scenario.tenants.empty()) reader.fail("tenants", "must name at least one tenant.");
   if (reader.has("users")) scenario.users.clear();
   reader.list("users", [&](ScenarioReader& user) { scenario.users.push_back(read_user(user, scenario)); });
   if (scenario.users.empty()) reader.fail("users", "must name at least one user.");
   if (reader.has("clients")) scenario.clients.clear();
   reader.list("clients", [&](ScenarioReader& client) { scenario.clients.push_back(read_client(client, scenario)); });
   if (!scenario.signed_in.empty() && scenario.find_user(scenario.signed_in) == nullptr)
      reader.fail("signed_in", "\"" + scenario.signed_in + "\" is the login of none of the users.");
   reader.finish();
}

template <typename Item, typename Key>
const Item* find(const std::vector<Item>& items, Key Item::*key, std::string_view value) {
   const auto found = std::find_if(items.begin(), items.end(), [&](const Item& each) { return each.*key == value; });
   return found == items.end() ? nullptr : &*found;
}

}  // namespace

const Tenant* Scenario::find_tenant(std::string_view id) const { return find(tenants, &Tenant::id, id); }
const User* Scenario::find_user(std::string_view login) const { return find(users, &User::login, login); }
const Client* Scenario::find_client(std::string_view id) const { return find(clients, &Client::id, id); }

const Tenant& Scenario::tenant_of(const Client& client) const {
   const Tenant* tenant = find_tenant(client.tenant);
   return tenant == nullptr ? tenants.front() : *tenant;
}

const std::set<std::string>& Scenario::scopes_of(const Client& client) const {
   return client.scopes.empty() ? scopes : client.scopes;
}

std::string_view default_scenario_text() { return kDefault; }

Scenario read_scenario(const std::string& text) {
   Scenario scenario;
   apply_text(scenario, std::string(kDefault));
   if (!text.empty()) apply_text(scenario, text);
   return scenario;
}

}  // namespace msp::sim::oauth
