// grants.hpp - what was allowed, and the codes and tokens that came of it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "sim/clock.hpp"
#include "sim/oauth/oauth_scenario.hpp"

namespace msp::sim::oauth {

using Scopes = std::set<std::string>;

// Whom a client may act for, and how far.
struct Authorization {
   const Client* client = nullptr;
   const User* user = nullptr;  // null: the client acts for itself
   Scopes scopes;
};

// What the redemption of a code has to fit.
struct CodeTerms {
   std::string redirect_uri;  // as the authorization request named it; empty: it named none
   std::string challenge;     // S256; empty: none
};

struct Tokens {
   std::string access_token;
   std::string refresh_token;  // empty: none, or still the old one
   Scopes scopes;
};

struct DeviceCode {
   std::string device_code;
   std::string user_code;
};

// What happened so far, for tests.
struct Counts {
   std::size_t codes_redeemed = 0;
   std::size_t refreshed = 0;
   std::size_t reused = 0;  // spent refresh tokens that came again
};

// All codes and tokens, in memory. What is refused is thrown as a Refusal. [any-thread]
class Grants {
 public:
   Grants(const Scenario& scenario, const Clock& clock) : scenario_(scenario), clock_(clock) {}

   std::string new_code(const Authorization& authorization, const CodeTerms& terms);
   Tokens redeem_code(const Client& client, const std::string& code, const std::string& redirect_uri,
                      const std::string& verifier);

   // Scopes narrower than those once given; none: the same.
   Tokens refresh(const Client& client, const std::string& refresh_token, const Scopes& scopes);

   // For a client that acts for itself: no refresh token.
   Tokens issue_access(const Authorization& authorization);

   DeviceCode new_device_code(const Client& client, const Scopes& scopes);
   Tokens redeem_device_code(const Client& client, const std::string& device_code);
   // What waits for a person under that code; nothing if it is unknown, old or already decided.
   std::optional<Authorization> find_device(std::string_view user_code) const;
   // Null: the person refused.
   void decide_device(std::string_view user_code, const User* user);

   // RFC 7009: a refresh token takes with it all that came of the same sign-in.
   void revoke(const Client& client, const std::string& token);
   void revoke_all();

   // What an access token is good for, and one use of it; nothing if it is none (any more).
   std::optional<Authorization> use_access_token(const std::string& token);

   Counts counts() const;

 private:
   // All tokens that came of one sign-in.
   struct Family {
      Authorization authorization;
      bool is_revoked = false;
   };
   using FamilyPointer = std::shared_ptr<Family>;

   struct Code {
      Authorization authorization;
      CodeTerms terms;
      Clock::Time expires;
      FamilyPointer given;  // once it was redeemed
   };
   struct RefreshToken {
      FamilyPointer family;
      Clock::Time expires;
      std::optional<Clock::Time> spent;
   };
   struct AccessToken {
      FamilyPointer family;
      Scopes scopes;
      Clock::Time expires;
      std::size_t uses = 0;
   };
   struct Device {
      Authorization authorization;
      std::string user_code;
      Clock::Time expires;
      Scenario::Answer answer = Scenario::Answer::none;
      std::optional<Clock::Time> asked;
      std::size_t interval = 0;
      std::size_t questions = 0;
      bool is_redeemed = false;
   };

   // REQUIRE: mutex_ is held.
   Tokens give(const FamilyPointer& family, const Scopes& scopes);
   std::string new_refresh_token(const FamilyPointer& family);
   std::string new_access_token(const FamilyPointer& family, const Scopes& scopes);
   void decide(Device& device, const User* user);
   const Device* waiting_device(std::string_view user_code) const;
   void answer_by_itself(Device& device);

   Clock::Time in(std::size_t seconds) const { return clock_.now() + std::chrono::seconds(seconds); }

   const Scenario& scenario_;
   const Clock& clock_;
   mutable std::mutex mutex_;
   std::map<std::string, Code> codes_;
   std::map<std::string, RefreshToken> refresh_tokens_;
   std::map<std::string, AccessToken> access_tokens_;
   std::map<std::string, Device> devices_;  // by device code
   Counts counts_;
};

// 256 bits from the system's random source, as base64url.
std::string random_token();

// What a person types, without what is for the eye: letters in upper case alone.
std::string normalised_user_code(std::string_view typed);

// The part of the scopes that the user can give away.
Scopes granted_scopes(const Scopes& asked, const User& user);

}  // namespace msp::sim::oauth
