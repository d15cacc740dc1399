// oauth_scenario.hpp - everything about the simulated authorization server and its API that can differ.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/oauth/signed_jwt.hpp"
#include "sim/simulator.hpp"

namespace msp::sim::oauth {

// The names by which a client asks for tokens.
inline constexpr const char* kCodeGrant = "authorization_code";
inline constexpr const char* kRefreshGrant = "refresh_token";
inline constexpr const char* kClientGrant = "client_credentials";
inline constexpr const char* kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
inline constexpr const char* kAssertionGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

struct Tenant {
   std::string id;
   std::string name;
   std::vector<std::string> companies;
};

struct User {
   enum class State { active, disabled };

   std::string about;  // for people
   std::string login;
   std::string password;
   std::string name;
   State state = State::active;
   std::vector<std::string> tenants;  // by id; the first is where the user works unless a request says otherwise
   std::set<std::string> scopes;      // the most that the user can give away; empty: all
};

// A program that is registered at the authorization server.
struct Client {
   enum class Authentication { any, basic, body };

   std::string about;  // for people
   std::string id;
   std::string secret;     // without one, and without a key: a public client
   std::vector<Key> keys;  // with which it signs who it is; no secret is taken then
   std::string name;
   Authentication authentication = Authentication::any;  // where the secret may stand
   std::vector<std::string> redirect_uris;
   std::set<std::string> grants = {kCodeGrant, kRefreshGrant};
   std::set<std::string> scopes;  // those it may ask for; empty: all
   std::string tenant;            // by id; whose data it sees when it signs in for itself; empty: the first

   bool is_public() const { return secret.empty() && keys.empty(); }
};

struct Scenario {
   enum class Iss { right, wrong, absent };
   enum class State { right, wrong, absent };
   enum class Refresh { rotates, stays };
   enum class Reuse { revokes, refused };
   enum class Answer { none, allow, deny };

   WireScenario wire;
   std::string login_host = "login.example.com";
   std::string api_host = "api.example.com";

   bool pkce_required = true;
   Iss iss = Iss::right;        // in the answer to an authorization request (RFC 9207)
   State state = State::right;  // likewise
   bool consent = true;         // the page that asks; false: allowed at sign-in
   std::string signed_in;       // the login of whom the browser has a session for; empty: nobody
   std::string opener_policy;   // Cross-Origin-Opener-Policy of the pages; empty: none

   std::size_t code_seconds = 60;
   std::size_t access_token_seconds = 3600;
   std::size_t access_token_uses = 0;  // requests to the API until it is refused; 0: no limit
   std::size_t refresh_token_seconds = 30 * 24 * 3600;
   Refresh refresh_tokens = Refresh::rotates;
   Reuse reuse = Reuse::revokes;         // what a spent refresh token does
   std::size_t reuse_grace_seconds = 0;  // so long a spent one still works
   bool refresh_needs_offline_access = false;

   std::size_t assertion_seconds = 3600;  // the most that a signed assertion may be valid for

   std::size_t device_seconds = 600;
   std::size_t device_interval = 0;
   bool device_complete_uri = true;
   Answer device_answer = Answer::none;  // what happens by itself
   std::size_t device_answer_at = 1;     // at the how many-th question for the token

   std::set<std::string> scopes;
   std::vector<Tenant> tenants;
   std::vector<User> users;
   std::vector<Client> clients;

   std::string issuer() const { return "https://" + login_host; }
   const Tenant* find_tenant(std::string_view id) const;
   const User* find_user(std::string_view login) const;
   const Client* find_client(std::string_view id) const;
   const Tenant& tenant_of(const Client& client) const;
   const std::set<std::string>& scopes_of(const Client& client) const;
};

// The scenario used without a file, as the JSON one would write.
std::string_view default_scenario_text();

// The default scenario with what the text says instead; empty text: the default. Throws ScenarioError.
Scenario read_scenario(const std::string& text);

}  // namespace msp::sim::oauth
