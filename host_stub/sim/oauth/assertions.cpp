#include "sim/oauth/assertions.hpp"

#include <algorithm>

#include "sim/oauth/refusal.hpp"

namespace msp::sim::oauth {
namespace {

constexpr std::int64_t kLeeway = 60;  // clocks differ

}  // namespace

std::string Assertions::problem_of(const SignedJwt& jwt) const {
   const auto has = [&](const std::string& audience) {
      return std::find(jwt.audience.begin(), jwt.audience.end(), audience) != jwt.audience.end();
   };
   if (!has(scenario_.issuer()) && !has(scenario_.issuer() + "/token")) return "It is for another server (aud).";
   const std::int64_t now = std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch()).count();
   const auto longest = static_cast<std::int64_t>(scenario_.assertion_seconds);
   if (!jwt.expires) return "It does not say when it expires (exp).";
   if (*jwt.expires <= now - kLeeway) return "It has expired (exp).";
   if (*jwt.expires - longest > now + kLeeway) return "It is valid for too long (exp).";
   if (jwt.not_before.value_or(now) > now + kLeeway || jwt.issued.value_or(now) > now + kLeeway)
      return "It is not valid yet (nbf, iat).";
   return "";
}

Assertions::Judged Assertions::judge(const std::string& assertion, const char* error, int status) {
   const auto refusal = [&](const std::string& why) {
      return Refusal{error, "The assertion is refused. " + why, status};
   };
   const std::optional<SignedJwt> jwt = SignedJwt::read(assertion);
   if (!jwt) throw refusal("It is no JSON web token.");
   const Client* client = scenario_.find_client(jwt->issuer);
   if (client == nullptr) throw refusal("Its issuer is unknown (iss).");
   if (std::none_of(client->keys.begin(), client->keys.end(), [&](const Key& key) { return jwt->is_signed_by(key); }))
      throw refusal("Its signature is wrong, or made with another key.");
   if (const std::string problem = problem_of(*jwt); !problem.empty()) throw refusal(problem);
   const std::scoped_lock lock(mutex_);
   if (!jwt->id.empty() && !used_.insert(client->id + '\n' + jwt->id).second)
      throw refusal("It was used before (jti).");
   return {client, jwt->subject, jwt->scope};
}

}  // namespace msp::sim::oauth
