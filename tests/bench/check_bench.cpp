// What a whole check costs over the same requests made by libcurl alone, at the distance of a real platform.
#include <stdexcept>

#include "bare_client.hpp"
#include "delay_relay.hpp"
#include "msp/host/catalog.hpp"
#include "msp/host/check.hpp"
#include "paired.hpp"
#include "sim/autotask_sim.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kRoundTrip{50};
constexpr std::string_view kSystemBundle = "/etc/ssl/certs/ca-certificates.crt";

std::vector<std::string> through(const DelayRelay& relay, std::vector<std::string> connect_to) {
   for (std::string& rule : connect_to) rule = rule.substr(0, rule.rfind(':') + 1) + std::to_string(relay.port());
   return connect_to;
}

host::Settings settings() {
   host::Settings settings;
   settings.values["user_name"] = "api+console@msp.example";
   settings.secrets.emplace("password", host::SecretBytes("Throw$away#1"));
   settings.secrets.emplace("integration_code", host::SecretBytes("THROWAWAYTRACKINGIDENTIFIER"));
   return settings;
}

// Both start cold: no connection, no TLS session, certificates to be read.
void autotask_check(benchmark::State& state) {
   const test_support::TempDir temp;
   sim::AutotaskSimulator simulator;
   const DelayRelay relay(simulator.port(), kRoundTrip);
   const auto connect_to = through(relay, simulator.connect_to());

   const fs::path bundle = temp.path() / "bundle.pem";
   test_support::write_file(bundle, test_support::read_file(kSystemBundle) + simulator.ca_pem());

   const std::vector<std::string> signed_headers = {"UserName: api+console@msp.example", "Secret: Throw$away#1",
                                                    "ApiIntegrationCode: THROWAWAYTRACKINGIDENTIFIER",
                                                    "Content-Type: application/json"};
   const std::vector<BareRequest> requests = {
       {"https://webservices.autotask.net/atservicesrest/v1.0/zoneInformation?user=api%2Bconsole%40msp.example", {}},
       {"https://webservices14.autotask.net/ATServicesRest/V1.0/EntityInformation", signed_headers}};

   const std::string library = test_support::read_file(MSP_AUTOTASK_LIBRARY);
   test_support::write_file(temp.path() / "plugins" / "autotask.so", library);
   const host::Catalog catalog({temp.path() / "plugins"}, temp.path() / "data");
   const std::vector<host::Approval> approvals = {{"autotask", host::sha256_hex(library), true}};
   const auto entries = catalog.scan(approvals);

   run_paired(
       state,
       [&] {
          host::HostOptions options;
          options.network.ca_file = simulator.ca_file();
          options.network.connect_to = connect_to;
          host::Host host(options);
          auto plugin = host.load(entries.at(0));
          if (!plugin) throw std::runtime_error(plugin.problem().summary);
          const auto report = host::check(*plugin.value(), settings(), {});
          if (report.outcome != host::Outcome::accepted) throw std::runtime_error(report.findings.at(0).summary);
       },
       [&] { get_in_turn(requests, bundle, connect_to); });
}
BENCHMARK(autotask_check)->UseManualTime()->Iterations(15)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace msp::bench
