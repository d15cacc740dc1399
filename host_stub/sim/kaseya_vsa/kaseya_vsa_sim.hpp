// kaseya_vsa_sim.hpp - Kaseya VSA, simulated on the wire.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/simulator.hpp"

namespace msp::sim {

// The Kaseya VSA REST interface on the wire, at vsa.example.com: both sign-in methods with the hashes really verified,
// tokens with their limits, sessions, roles and scopes; or a server that is none (VSA X, a portal).
//
//    KaseyaVsaSimulator simulator(R"({"refusal":"in_200","session_expiration":"zulu"})");
//    // client: trust ca_file(), use connect_to(), sign in as in default_scenario()
//    EXPECT_EQ(simulator.sign_ins(), 1U);
//
// The text holds only what differs from default_scenario(); README.md beside this file lists every key.
// The constructor throws ScenarioError with one sentence naming the place if the text is not a scenario.
class KaseyaVsaSimulator : public Simulator {
 public:
   explicit KaseyaVsaSimulator(const std::string& scenario_json = "", const SimulatorOptions& options = {});

   // The requests to /auth that carried credentials. [any-thread]
   std::size_t sign_ins() const;

   // The requests that would have changed something on the platform. [any-thread]
   std::size_t writes() const;

   // The scenario used without a text, as JSON: its users, their throw-away passwords and tokens.
   static std::string_view default_scenario();

   // Its users as a table for people.
   static std::string default_users();
};

}  // namespace msp::sim
