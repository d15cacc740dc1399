// assertions.hpp - tokens that a client signs to say who it is, or for whom it acts (RFC 7523).
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "sim/clock.hpp"
#include "sim/oauth/oauth_scenario.hpp"

namespace msp::sim::oauth {

// Judges assertions and remembers their ids, because each works once. [any-thread]
class Assertions {
 public:
   Assertions(const Scenario& scenario, const Clock& clock) : scenario_(scenario), clock_(clock) {}

   struct Judged {
      const Client* client = nullptr;
      std::string subject;
      std::string scope;
   };

   // Throws a Refusal with that error and status.
   Judged judge(const std::string& assertion, const char* error, int status);

 private:
   // Empty if the times and the audience are right.
   std::string problem_of(const SignedJwt& jwt) const;

   const Scenario& scenario_;
   const Clock& clock_;
   std::mutex mutex_;
   std::set<std::string> used_;
};

}  // namespace msp::sim::oauth
