// What a whole check costs over the same requests made by libcurl alone, at the distance of a real platform.
#include <functional>
#include <optional>
#include <stdexcept>

#include "bare_client.hpp"
#include "delay_relay.hpp"
#include "msp/host/catalog.hpp"
#include "msp/host/check.hpp"
#include "paired.hpp"
#include "sim/autotask/autotask_sim.hpp"
#include "sim/kaseya_vsa/kaseya_vsa_sim.hpp"
#include "test_support/runner.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kFarAway{50};  // a round trip

// A simulator at a distance, or next door, and the plugin ready to be loaded. Both sides start cold each time: no
// connection, no TLS session, the authority's certificate to be read.
class Scene {
 public:
   Scene(sim::Simulator& simulator, const std::string& id, const fs::path& library,
         std::chrono::milliseconds round_trip = kFarAway) {
      options_.network.ca_file = simulator.ca_file();
      options_.network.connect_to = simulator.connect_to();
      if (round_trip > std::chrono::milliseconds::zero()) {
         relay_.emplace(simulator.port(), round_trip);
         for (std::string& rule : options_.network.connect_to)
            rule = rule.substr(0, rule.rfind(':') + 1) + std::to_string(relay_->port());
      }

      const std::string bytes = test_support::read_file(library);
      test_support::write_file(temp_.path() / "plugins" / library.filename(), bytes);
      const std::vector<host::Approval> approvals = {{id, host::sha256_hex(bytes), true}};
      plugin_ = host::Catalog({temp_.path() / "plugins"}, temp_.path() / "data").scan(approvals).at(0);
   }

   [[nodiscard]] BareClient bare_client() const { return {options_.network.ca_file, options_.network.connect_to}; }

   void check(host::Settings settings) const {
      host::Host host(options_);
      check(*load(host, host::Isolation::in_process), std::move(settings));
   }

   static void check(host::Plugin& plugin, host::Settings settings) {
      const auto report = host::check(plugin, std::move(settings), {});
      if (report.outcome != host::Outcome::accepted) throw std::runtime_error(report.findings.at(0).summary);
   }

   [[nodiscard]] std::shared_ptr<host::Plugin> load(host::Host& host, host::Isolation isolation) const {
      auto plugin = host.load(plugin_, isolation);
      if (!plugin) throw std::runtime_error(plugin.finding().summary);
      return std::move(plugin).value();
   }

   // In a console that goes on: the plugin is loaded, and a process for the next check is started ahead.
   void compare_isolation(benchmark::State& state, const std::function<host::Settings()>& settings) const {
      host::HostOptions options = options_;
      options.runner = test_support::runner();
      if (options.runner.empty()) return state.SkipWithError("There is no runner here.");
      host::Host host(options);
      const auto isolated = load(host, host::Isolation::process);
      const auto in_process = load(host, host::Isolation::in_process);
      run_paired(
          state, [&] { check(*isolated, settings()); }, [&] { check(*in_process, settings()); });
   }

 private:
   test_support::TempDir temp_;
   std::optional<DelayRelay> relay_;
   host::HostOptions options_;
   host::CatalogEntry plugin_;
};

host::Settings settings_of(std::initializer_list<std::pair<const char*, const char*>> values,
                           std::initializer_list<std::pair<const char*, const char*>> secrets) {
   host::Settings settings;
   for (const auto& [id, value] : values) settings.values.emplace(id, value);
   for (const auto& [id, secret] : secrets) settings.secrets.emplace(id, host::SecretBytes(secret));
   return settings;
}

host::Settings autotask_settings() {
   return settings_of({{"user_name", "api+console@msp.example"}},
                      {{"password", "Throw$away#1"}, {"integration_code", "THROWAWAYTRACKINGIDENTIFIER"}});
}

host::Settings kaseya_vsa_settings() {
   return settings_of({{"server", "https://vsa.example.com"}, {"auth_method", "pat"}, {"user_name", "console"}},
                      {{"pat", "0f1e2d3c-0000-4000-8000-000000000001"}});
}

void isolated_autotask_check(benchmark::State& state) {
   sim::AutotaskSimulator simulator;
   Scene(simulator, "autotask", MSP_AUTOTASK_LIBRARY, std::chrono::milliseconds(state.range(0)))
       .compare_isolation(state, autotask_settings);
}
BENCHMARK(isolated_autotask_check)
    ->ArgName("ms")
    ->Arg(50)
    ->UseManualTime()
    ->Iterations(25)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(isolated_autotask_check)
    ->ArgName("ms")
    ->Arg(0)
    ->UseManualTime()
    ->Iterations(200)
    ->Unit(benchmark::kMillisecond);

void isolated_kaseya_vsa_check(benchmark::State& state) {
   sim::KaseyaVsaSimulator simulator;
   Scene(simulator, "kaseya_vsa", MSP_KASEYA_VSA_LIBRARY, std::chrono::milliseconds(state.range(0)))
       .compare_isolation(state, kaseya_vsa_settings);
}
BENCHMARK(isolated_kaseya_vsa_check)
    ->ArgName("ms")
    ->Arg(50)
    ->UseManualTime()
    ->Iterations(25)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(isolated_kaseya_vsa_check)
    ->ArgName("ms")
    ->Arg(0)
    ->UseManualTime()
    ->Iterations(200)
    ->Unit(benchmark::kMillisecond);

void autotask_check(benchmark::State& state) {
   sim::AutotaskSimulator simulator;
   const Scene scene(simulator, "autotask", MSP_AUTOTASK_LIBRARY);
   const std::vector<std::string> signed_headers = {"UserName: api+console@msp.example", "Secret: Throw$away#1",
                                                    "ApiIntegrationCode: THROWAWAYTRACKINGIDENTIFIER",
                                                    "Content-Type: application/json"};
   run_paired(
       state, [&] { scene.check(autotask_settings()); },
       [&] {
          BareClient client = scene.bare_client();
          client.get(
              {{"https://webservices.autotask.net/atservicesrest/v1.0/zoneInformation"
                "?user=api%2Bconsole%40msp.example",
                {}}});
          client.get({{"https://webservices14.autotask.net/ATServicesRest/V1.0/EntityInformation", signed_headers}});
       });
}
BENCHMARK(autotask_check)->UseManualTime()->Iterations(15)->Unit(benchmark::kMillisecond);

// The text or number that follows `"name":` in a JSON text.
std::string value_of(const std::string& json, const std::string& name) {
   const auto at = json.find('"' + name + "\":");
   const auto begin = json.find_first_not_of(" \"", at + name.size() + 3);
   if (at == std::string::npos) throw std::runtime_error("no " + name + " in " + json);
   return json.substr(begin, json.find_first_of("\",}", begin) - begin);
}

void kaseya_vsa_check(benchmark::State& state) {
   sim::KaseyaVsaSimulator simulator;
   const Scene scene(simulator, "kaseya_vsa", MSP_KASEYA_VSA_LIBRARY);
   const std::string base = "https://vsa.example.com/api/v1.0/";
   const std::string accept = "Accept: application/json";
   // "console" with its token, in base64.
   const std::string credentials = "Authorization: Basic Y29uc29sZTowZjFlMmQzYy0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDE=";
   run_paired(
       state, [&] { scene.check(kaseya_vsa_settings()); },
       [&] {
          BareClient client = scene.bare_client();
          client.get({{base + "echo", {accept}}});
          const auto session = client.get({{base + "auth", {credentials, accept}}});
          const std::string bearer = "Authorization: Bearer " + value_of(session[0], "Token");
          const auto lists = client.get({{base + "assetmgmt/agents?$top=1", {bearer, accept}},
                                         {base + "system/orgs?$top=1", {bearer, accept}},
                                         {base + "system/machinegroups?$top=1", {bearer, accept}},
                                         {base + "automation/agentprocs?$top=1", {bearer, accept}},
                                         {base + "automation/servicedesks?$top=1", {bearer, accept}}});
          const std::string agent = value_of(lists[0], "AgentId");
          client.get({{base + "assetmgmt/audit/" + agent + "/software/securityproducts?$top=1", {bearer, accept}}});
       });
}
BENCHMARK(kaseya_vsa_check)->UseManualTime()->Iterations(15)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace msp::bench
