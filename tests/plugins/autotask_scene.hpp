// autotask_scene.hpp - the Autotask plugin in front of a simulated platform, for one scenario.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plugin_fixture.hpp"
#include "sim/autotask/autotask_sim.hpp"

namespace msp::test {

inline const std::string kGoodUser = "api+console@msp.example";
inline const std::string kGoodSecret = "Throw$away#1";
inline const std::string kGoodCode = "THROWAWAYTRACKINGIDENTIFIER";

inline host::NetworkOptions network_of(const sim::AutotaskSimulator& simulator) {
   host::NetworkOptions network;
   network.ca_file = simulator.ca_file();
   network.connect_to = simulator.connect_to();
   return network;
}

// A simulator with a scenario, and the plugin that reaches it.
struct AutotaskScene {
   explicit AutotaskScene(const std::string& scenario = "")
       : simulator(scenario), plugin(MSP_PLUGIN_FILE, network_of(simulator)) {}

   host::CheckReport check(const std::string& user = kGoodUser, const std::string& secret = kGoodSecret,
                           const std::string& code = kGoodCode) {
      const std::size_t before = simulator.signed_requests();
      auto report = plugin.check({{"user_name", user}}, {{"password", secret}, {"integration_code", code}});
      // One request with credentials that are not proven yet; a second one where the first route does not exist.
      EXPECT_TRUE(report.identity || simulator.signed_requests() - before <= 2U);
      for (const auto& request : simulator.journal())
         EXPECT_EQ(request.method, "GET") << request.path << ": a check changes nothing";
      EXPECT_EQ(simulator.writes(), 0U);
      return report;
   }

   [[nodiscard]] std::vector<std::string> paths() const {
      std::vector<std::string> paths;
      for (const auto& request : simulator.journal()) paths.push_back(request.path);
      return paths;
   }

   sim::AutotaskSimulator simulator;
   LoadedPlugin plugin;
};

// One fault for every request under a path.
inline std::string fault(const std::string& path, const std::string& what) {
   return R"({"match":{"path":")" + path + R"("},)" + what + "}";
}
inline std::string faults(const std::string& list, const std::string& more = "") {
   return R"({"faults":[)" + list + "]" + more + "}";
}

inline const std::string kZonePath = "/atservicesrest/v1.0/zoneInformation";
inline const std::string kOneShotPath = "/atservicesrest/v1.0/EntityInformation";
inline const std::string kTicketsPath = "/atservicesrest/v1.0/Tickets/entityInformation";

}  // namespace msp::test
