// oauth_sim.hpp - an authorization server and its API, simulated on the wire.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "sim/simulator.hpp"

namespace msp::sim {

namespace oauth {
class Service;
}

// OAuth 2 at login.example.com with pages for a person, and an API at api.example.com that takes its tokens.
//
//    OAuthSimulator simulator(R"({"consent":false})");
//    // client: trust ca_file(), use connect_to(), sign in as in default_scenario()
//    EXPECT_EQ(simulator.refreshed(), 1U);
//
// The text holds only what differs from default_scenario(); README.md beside this file lists every key.
// The constructor throws ScenarioError with one sentence naming the place if the text is not a scenario.
class OAuthSimulator : public Simulator {
 public:
   explicit OAuthSimulator(const std::string& scenario_json = "", const SimulatorOptions& options = {});

   // Lets time pass: what expires within it is expired. [any-thread]
   void advance(std::chrono::seconds by);

   // Somebody takes back, at the platform, all that was ever allowed. [any-thread]
   void revoke_all();

   // Codes and device codes that became tokens; refresh tokens that did; spent ones that came again. [any-thread]
   std::size_t codes_redeemed() const;
   std::size_t refreshed() const;
   std::size_t reused() const;

   // The scenario used without a text, as JSON: its users and clients with their throw-away secrets.
   static std::string_view default_scenario();

   // Its users and clients as a table for people.
   static std::string default_users();

 private:
   OAuthSimulator(std::shared_ptr<oauth::Service> service, const SimulatorOptions& options);

   std::shared_ptr<oauth::Service> service_;
};

}  // namespace msp::sim
