// duo_sim.hpp - a few questions of Duo, simulated on the wire, with every request's signature verified.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "sim/clock.hpp"
#include "sim/simulator.hpp"

namespace msp::sim {

// The Auth API's /auth/v2/ping and /auth/v2/check, and the Admin API's /admin/v1/info/summary, users and settings.
// The text holds only what differs from default_scenario(). The constructor throws ScenarioError if the text is not a
// scenario.
class DuoSimulator : public Simulator {
 public:
   explicit DuoSimulator(const std::string& scenario_json = "", const SimulatorOptions& options = {});

   // [any-thread]
   void advance(std::chrono::seconds by) { clock_->advance(by); }

   static std::string_view default_scenario();
   static std::string default_users();

 private:
   DuoSimulator(const std::string& scenario_json, const SimulatorOptions& options, std::shared_ptr<Clock> clock);

   std::shared_ptr<Clock> clock_;
};

}  // namespace msp::sim
