// oauth_service.hpp - the simulated servers behind their wire.
#pragma once

#include "sim/clock.hpp"
#include "sim/oauth/oauth_scenario.hpp"
#include "sim/oauth/resource_api.hpp"
#include "sim/oauth/sign_in_pages.hpp"
#include "sim/oauth/token_endpoint.hpp"

namespace msp::sim::oauth {

// Which server a request is for. [any-thread]
class Service {
 public:
   explicit Service(Scenario scenario) : scenario_(std::move(scenario)) {}
   Service(const Service&) = delete;
   Service& operator=(const Service&) = delete;

   Reply answer(const Request& request);

   const Scenario& scenario() const { return scenario_; }
   Clock& clock() { return clock_; }
   Grants& grants() { return grants_; }

 private:
   Reply answer_at_login(const Request& request);

   const Scenario scenario_;
   Clock clock_;
   Grants grants_{scenario_, clock_};
   SignInPages pages_{scenario_, grants_};
   TokenEndpoint tokens_{scenario_, grants_, clock_};
   ResourceApi api_{scenario_, grants_};
};

}  // namespace msp::sim::oauth
