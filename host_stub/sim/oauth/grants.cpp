#include "sim/oauth/grants.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

#include "sim/base64.hpp"
#include "sim/digests.hpp"
#include "sim/oauth/refusal.hpp"

namespace msp::sim::oauth {
namespace {

constexpr const char* kInvalidGrant = "invalid_grant";

std::string random_bytes(std::size_t count) {
   std::string bytes(count, '\0');
   if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
      throw std::runtime_error("OpenSSL has no random bytes.");
   return bytes;
}

// RFC 8628 6.1: letters that no word can be made of, and that are hard to take for one another. 256 is no multiple of
// 20, so what is above 240 is not taken.
std::string new_user_code() {
   constexpr std::string_view letters = "BCDFGHJKLMNPQRSTVWXZ";
   std::string code;
   while (code.size() < 9) {
      if (code.size() == 4) code += '-';
      const auto byte = static_cast<unsigned char>(random_bytes(1).front());
      if (byte < 240) code += letters[byte % letters.size()];
   }
   return code;
}

}  // namespace

std::string random_token() { return base64url(random_bytes(32)); }

std::string normalised_user_code(std::string_view typed) {
   std::string letters;
   for (const char c : typed) {
      const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      if (upper >= 'A' && upper <= 'Z') letters += upper;
   }
   return letters;
}

Scopes granted_scopes(const Scopes& asked, const User& user) {
   Scopes granted;
   for (const std::string& scope : asked)
      if (user.scopes.empty() || user.scopes.contains(scope)) granted.insert(scope);
   return granted;
}

std::string Grants::new_access_token(const FamilyPointer& family, const Scopes& scopes) {
   std::string token = random_token();
   access_tokens_[token] = {family, scopes, in(scenario_.access_token_seconds)};
   return token;
}

std::string Grants::new_refresh_token(const FamilyPointer& family) {
   std::string token = random_token();
   refresh_tokens_[token] = {family, in(scenario_.refresh_token_seconds), std::nullopt};
   return token;
}

Tokens Grants::give(const FamilyPointer& family, const Scopes& scopes) {
   Tokens tokens{new_access_token(family, scopes), "", scopes};
   const bool is_offline = !scenario_.refresh_needs_offline_access || scopes.contains("offline_access");
   if (is_offline && family->authorization.client->grants.contains(kRefreshGrant))
      tokens.refresh_token = new_refresh_token(family);
   return tokens;
}

std::string Grants::new_code(const Authorization& authorization, const CodeTerms& terms) {
   std::string code = random_token();
   const std::scoped_lock lock(mutex_);
   codes_[code] = {authorization, terms, in(scenario_.code_seconds), nullptr};
   return code;
}

Tokens Grants::redeem_code(const Client& client, const std::string& code, const std::string& redirect_uri,
                           const std::string& verifier) {
   const std::scoped_lock lock(mutex_);
   const auto found = codes_.find(code);
   if (found == codes_.end() || found->second.authorization.client != &client)
      throw Refusal{kInvalidGrant, "The code is unknown."};
   Code& known = found->second;
   if (known.given) {
      known.given->is_revoked = true;
      throw Refusal{kInvalidGrant, "The code was used before. What it gave is revoked."};
   }
   if (clock_.now() >= known.expires) throw Refusal{kInvalidGrant, "The code has expired."};
   if (redirect_uri != known.terms.redirect_uri)
      throw Refusal{kInvalidGrant, "The redirect_uri is not that of the authorization request."};
   if (known.terms.challenge.empty() != verifier.empty() ||
       (!verifier.empty() && base64url(sha256(verifier)) != known.terms.challenge))
      throw Refusal{kInvalidGrant, "The code_verifier does not fit the code_challenge."};
   known.given = std::make_shared<Family>(Family{known.authorization});
   ++counts_.codes_redeemed;
   return give(known.given, known.authorization.scopes);
}

Tokens Grants::refresh(const Client& client, const std::string& refresh_token, const Scopes& scopes) {
   const std::scoped_lock lock(mutex_);
   const auto found = refresh_tokens_.find(refresh_token);
   if (found == refresh_tokens_.end() || found->second.family->authorization.client != &client)
      throw Refusal{kInvalidGrant, "The refresh token is unknown."};
   RefreshToken& known = found->second;
   const FamilyPointer family = known.family;
   if (family->is_revoked) throw Refusal{kInvalidGrant, "The refresh token is revoked."};
   if (clock_.now() >= known.expires) throw Refusal{kInvalidGrant, "The refresh token has expired."};
   const auto grace = std::chrono::seconds(scenario_.reuse_grace_seconds);
   if (known.spent && clock_.now() >= *known.spent + grace) {
      ++counts_.reused;
      family->is_revoked = scenario_.reuse == Scenario::Reuse::revokes;
      throw Refusal{kInvalidGrant, "The refresh token was used before."};
   }
   const Scopes& given = family->authorization.scopes;
   if (!std::includes(given.begin(), given.end(), scopes.begin(), scopes.end()))
      throw Refusal{"invalid_scope", "More was asked for than was allowed."};
   ++counts_.refreshed;
   Tokens tokens{new_access_token(family, scopes.empty() ? given : scopes), "", scopes.empty() ? given : scopes};
   if (scenario_.refresh_tokens == Scenario::Refresh::stays) return tokens;
   if (!known.spent) known.spent = clock_.now();
   tokens.refresh_token = new_refresh_token(family);
   return tokens;
}

Tokens Grants::issue_access(const Authorization& authorization) {
   const std::scoped_lock lock(mutex_);
   const auto family = std::make_shared<Family>(Family{authorization});
   return {new_access_token(family, authorization.scopes), "", authorization.scopes};
}

DeviceCode Grants::new_device_code(const Client& client, const Scopes& scopes) {
   DeviceCode code{random_token(), new_user_code()};
   Device device;
   device.authorization = {&client, nullptr, scopes};
   device.user_code = normalised_user_code(code.user_code);
   device.expires = in(scenario_.device_seconds);
   device.interval = scenario_.device_interval;
   const std::scoped_lock lock(mutex_);
   devices_[code.device_code] = device;
   return code;
}

void Grants::decide(Device& device, const User* user) {
   device.answer = user == nullptr ? Scenario::Answer::deny : Scenario::Answer::allow;
   device.authorization.user = user;
   if (user != nullptr) device.authorization.scopes = granted_scopes(device.authorization.scopes, *user);
}

void Grants::answer_by_itself(Device& device) {
   if (scenario_.device_answer == Scenario::Answer::none || device.questions < scenario_.device_answer_at) return;
   const User* user = scenario_.find_user(scenario_.signed_in);
   if (user == nullptr) user = &scenario_.users.front();
   decide(device, scenario_.device_answer == Scenario::Answer::allow ? user : nullptr);
}

Tokens Grants::redeem_device_code(const Client& client, const std::string& device_code) {
   const std::scoped_lock lock(mutex_);
   const auto found = devices_.find(device_code);
   if (found == devices_.end() || found->second.authorization.client != &client || found->second.is_redeemed)
      throw Refusal{kInvalidGrant, "The device code is unknown."};
   Device& device = found->second;
   if (clock_.now() >= device.expires) throw Refusal{"expired_token", "The device code has expired."};
   const std::optional<Clock::Time> asked = std::exchange(device.asked, clock_.now());
   if (asked && clock_.now() < *asked + std::chrono::seconds(device.interval)) {
      device.interval += 5;
      throw Refusal{"slow_down", "Ask every " + std::to_string(device.interval) + " seconds."};
   }
   ++device.questions;
   if (device.answer == Scenario::Answer::none) answer_by_itself(device);
   if (device.answer == Scenario::Answer::none)
      throw Refusal{"authorization_pending", "The person has not decided yet."};
   if (device.answer == Scenario::Answer::deny) throw Refusal{"access_denied", "The person refused."};
   device.is_redeemed = true;
   ++counts_.codes_redeemed;
   return give(std::make_shared<Family>(Family{device.authorization}), device.authorization.scopes);
}

const Grants::Device* Grants::waiting_device(std::string_view user_code) const {
   const std::string letters = normalised_user_code(user_code);
   for (const auto& [code, device] : devices_) {
      if (device.user_code != letters) continue;
      return device.answer == Scenario::Answer::none && clock_.now() < device.expires ? &device : nullptr;
   }
   return nullptr;
}

std::optional<Authorization> Grants::find_device(std::string_view user_code) const {
   const std::scoped_lock lock(mutex_);
   const Device* device = waiting_device(user_code);
   return device == nullptr ? std::nullopt : std::optional(device->authorization);
}

void Grants::decide_device(std::string_view user_code, const User* user) {
   const std::scoped_lock lock(mutex_);
   const Device* waiting = waiting_device(user_code);
   for (auto& [code, device] : devices_)
      if (&device == waiting) decide(device, user);
}

void Grants::revoke(const Client& client, const std::string& token) {
   const std::scoped_lock lock(mutex_);
   const auto require_own = [&](const FamilyPointer& family) {
      if (family->authorization.client != &client)
         throw Refusal{kInvalidGrant, "The token was given to another client."};
   };
   if (const auto found = refresh_tokens_.find(token); found != refresh_tokens_.end()) {
      require_own(found->second.family);
      found->second.family->is_revoked = true;
   }
   if (const auto found = access_tokens_.find(token); found != access_tokens_.end()) {
      require_own(found->second.family);
      access_tokens_.erase(found);
   }
}

void Grants::revoke_all() {
   const std::scoped_lock lock(mutex_);
   for (auto& [token, each] : refresh_tokens_) each.family->is_revoked = true;
   for (auto& [token, each] : access_tokens_) each.family->is_revoked = true;
}

std::optional<Authorization> Grants::use_access_token(const std::string& token) {
   const std::scoped_lock lock(mutex_);
   const auto found = access_tokens_.find(token);
   if (found == access_tokens_.end()) return std::nullopt;
   AccessToken& known = found->second;
   const bool is_used_up = scenario_.access_token_uses != 0 && known.uses >= scenario_.access_token_uses;
   if (known.family->is_revoked || clock_.now() >= known.expires || is_used_up) return std::nullopt;
   ++known.uses;
   const Authorization& authorization = known.family->authorization;
   return Authorization{authorization.client, authorization.user, known.scopes};
}

Counts Grants::counts() const {
   const std::scoped_lock lock(mutex_);
   return counts_;
}

}  // namespace msp::sim::oauth
