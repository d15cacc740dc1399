// kaseya_scenario.hpp - everything about the simulated VSA that can differ.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/simulator.hpp"

namespace msp::sim::kaseya {

// What a role, or a token, lets its owner do; one per route the simulator knows.
const std::set<std::string>& all_functions();

struct Role {
   unsigned id = 2;
   std::string name;
   std::set<std::string> functions = all_functions();
};

// Which organisations a user sees; their machine groups and agents come with them.
struct Scope {
   unsigned id = 2;
   std::string name;
   std::vector<std::string> organizations;
};

struct AccessToken {
   enum class State { active, revoked };

   std::string token;
   State state = State::active;
   std::string expires;                 // UTC, like 2031-05-01T00:00:00; empty: never
   std::vector<std::string> addresses;  // may come from these only; empty: from anywhere
   bool data_warehouse = false;         // that scope is ticked, which the interface refuses
   std::set<std::string> functions = all_functions();
};

struct User {
   enum class State { active, disabled, locked };

   std::string about;  // for people
   std::string login;
   std::string password;
   State state = State::active;
   std::string role;   // by name; empty: the first
   std::string scope;  // by name; empty: the first
   std::vector<AccessToken> tokens;
};

// Everything about the simulated VSA that can differ; where the evidence differs, so does the choice.
struct Scenario {
   enum class Product { vsa9, vsa_x, portal };
   enum class Refusal { http_status, in_200, text, empty, page };
   enum class Code { seven_digits, three_digits, seven_digits_text, three_digits_text };
   enum class Words { named, captured };
   enum class Expiration { fraction, plain, zulu, fraction_zulu, absent };
   enum class Ids { documented, text, number };

   WireScenario wire;
   std::string host = "vsa.example.com";
   Product product = Product::vsa9;
   std::string version = "9.5.0.0";
   bool token_support = true;  // false: older than August 2021
   bool service_desk = true;   // the module is installed
   bool hardened = false;      // routes that change users reset the connection
   Refusal refusal = Refusal::http_status;
   Code response_code = Code::seven_digits;
   Words refusal_words = Words::named;
   Expiration session_expiration = Expiration::fraction;
   Ids ids = Ids::documented;
   std::size_t session_seconds = 1800;
   std::size_t drop_session_after = 0;          // requests under one session; 0: never
   std::size_t lock_after = 5;                  // bad logons in a row
   std::string client_address = "203.0.113.7";  // where requests seem to come from
   std::vector<Role> roles;
   std::vector<Scope> scopes;
   std::vector<User> users;

   bool is_older_version() const { return version.starts_with("9.3"); }
   const Role& role_of(const User& user) const;
   const Scope& scope_of(const User& user) const;
};

// The scenario used without a file, as the JSON one would write.
std::string_view default_scenario_text();

// The default scenario with what the text says instead; empty text: the default. Throws ScenarioError.
Scenario read_scenario(const std::string& text);

}  // namespace msp::sim::kaseya
