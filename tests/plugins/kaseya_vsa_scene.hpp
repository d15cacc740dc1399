// kaseya_vsa_scene.hpp - the Kaseya VSA plugin as a console sees it: the real library, the real host, a simulated
// platform on the wire.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "plugin_fixture.hpp"
#include "sim/kaseya_vsa/kaseya_vsa_sim.hpp"

namespace msp::test {

using Texts = std::map<std::string, std::string>;

// What an administrator typed. The users and their throw-away secrets are those of the simulator's default scenario.
struct Form {
   std::string server = "https://vsa.example.com";
   std::string method = "pat";
   std::string user = "console";
   std::string secret = "0f1e2d3c-0000-4000-8000-000000000001";

   [[nodiscard]] Texts values() const { return {{"server", server}, {"auth_method", method}, {"user_name", user}}; }
   [[nodiscard]] Texts secrets() const { return {{method == "password" ? "password" : "pat", secret}}; }
};

// A user of the default scenario, by number, with the method.
inline Form token_of(const std::string& user, int number) {
   return {.user = user, .secret = "0f1e2d3c-0000-4000-8000-00000000000" + std::to_string(number)};
}
inline Form password_of(const std::string& user, int number) {
   return {.method = "password", .user = user, .secret = "Throw$away," + std::to_string(number)};
}

inline host::NetworkOptions network_of(const sim::KaseyaVsaSimulator& simulator) {
   host::NetworkOptions network;
   network.ca_file = simulator.ca_file();
   network.connect_to = simulator.connect_to();
   return network;
}

// A simulator with a scenario, and the plugin that reaches it.
struct Scene {
   explicit Scene(const std::string& scenario = "")
       : simulator(scenario), plugin(MSP_PLUGIN_FILE, network_of(simulator)) {}

   host::CheckReport check(const Form& form = {}, host::CheckOptions options = {}) {
      const std::size_t before = asked("auth");
      auto report = plugin.check(form.values(), form.secrets(), std::move(options));
      // One request with credentials that are not proven yet, and one more where the server drops the session.
      EXPECT_LE(asked("auth") - before, report.identity ? 2U : 1U);
      for (const auto& request : simulator.journal())
         EXPECT_EQ(request.method, "GET") << request.path << ": a check changes nothing";
      return report;
   }

   // How often a path under /api/v1.0/ was asked for.
   [[nodiscard]] std::size_t asked(const std::string& path) const {
      std::size_t count = 0;
      for (const auto& request : simulator.journal())
         if (request.path == "/api/v1.0/" + path) ++count;
      return count;
   }

   sim::KaseyaVsaSimulator simulator;
   LoadedPlugin plugin;
};

// One fault for the requests under a path of the interface; `what` completes it: "fault":"reset".
inline std::string fault(const std::string& path, const std::string& what) {
   return R"({"faults":[{"match":{"path":"/api/v1.0/)" + path + R"("},)" + what + "}]}";
}

inline std::string evidence_of(const host::CheckReport& report, std::string_view permission) {
   const auto* grant = find_grant(report, permission);
   return grant == nullptr ? "not reported" : grant->evidence;
}

inline host::Granted granted(const host::CheckReport& report, std::string_view permission) {
   const auto* grant = find_grant(report, permission);
   return grant == nullptr ? host::Granted::unknown : grant->granted;
}

inline const host::Finding* find_finding(const host::CheckReport& report, std::string_view code) {
   for (const auto& finding : report.findings)
      if (finding.code == code) return &finding;
   return nullptr;
}

}  // namespace msp::test
