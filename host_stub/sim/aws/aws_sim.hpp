// aws_sim.hpp - a few questions of AWS, simulated on the wire, with every request's signature verified.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "sim/clock.hpp"
#include "sim/simulator.hpp"

namespace msp::sim {

// sts:GetCallerIdentity, iam:ListUsers, iam:ListAccountAliases and iam:GetAccountSummary, as XML or, for who accepts
// it, as JSON. The text holds only what differs from default_scenario(). The constructor throws ScenarioError if the
// text is not a scenario.
class AwsSimulator : public Simulator {
 public:
   explicit AwsSimulator(const std::string& scenario_json = "", const SimulatorOptions& options = {});

   // [any-thread]
   void advance(std::chrono::seconds by) { clock_->advance(by); }

   static std::string_view default_scenario();
   static std::string default_users();

 private:
   AwsSimulator(const std::string& scenario_json, const SimulatorOptions& options, std::shared_ptr<Clock> clock);

   std::shared_ptr<Clock> clock_;
};

}  // namespace msp::sim
