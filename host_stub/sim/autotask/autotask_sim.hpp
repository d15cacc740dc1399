// autotask_sim.hpp - Autotask, simulated on the wire.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/simulator.hpp"

namespace msp::sim {

// The Autotask REST interface on the wire: zones, sign-in with its lock-out, rights per entity, limits, and some data.
//
//    AutotaskSimulator simulator(R"({"access_values":"number","one_shot":"absent"})");
//    // client: trust ca_file(), use connect_to(), sign in as in default_scenario()
//    EXPECT_EQ(simulator.signed_requests(), 2U);
//
// The text holds only what differs from default_scenario(); README.md beside this file lists every key.
// The constructor throws ScenarioError with one sentence naming the place if the text is not a scenario.
class AutotaskSimulator : public Simulator {
 public:
   explicit AutotaskSimulator(const std::string& scenario_json = "", const SimulatorOptions& options = {});

   // The requests that carried a secret. [any-thread]
   std::size_t signed_requests() const;

   // The requests that would have changed something on the platform. [any-thread]
   std::size_t writes() const;

   // The scenario used without a text, as JSON: its users and their throw-away secrets.
   static std::string_view default_scenario();

   // Its users as a table for people.
   static std::string default_users();
};

}  // namespace msp::sim
