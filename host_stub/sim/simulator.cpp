#include "sim/simulator.hpp"

#include <algorithm>

#include "sim/scenario_reader.hpp"
#include "sim/scratch_directory.hpp"

namespace msp::sim {
namespace {

Certificate issue(const CertificateAuthority& authority, const std::vector<std::string>& hosts,
                  WireScenario::Certificate kind) {
   using Kind = WireScenario::Certificate;
   if (kind == Kind::wrong_name) return authority.issue({"somewhere-else.example.com"});
   if (kind == Kind::expired) return authority.issue(hosts, Validity::expired);
   if (kind == Kind::not_yet_valid) return authority.issue(hosts, Validity::not_yet_valid);
   return authority.issue(hosts);
}

ServerOptions server_options(const WireScenario& wire, const SimulatorOptions& options) {
   ServerOptions server;
   server.port = options.port;
   server.journal_file = options.journal_file;
   if (wire.certificate == WireScenario::Certificate::tls11) server.protocol = Protocol::tls11_only;
   return server;
}

}  // namespace

void WireScenario::read(ScenarioReader& reader) {
   reader.choice("certificate", certificate,
                 {{"ok", Certificate::ok},
                  {"expired", Certificate::expired},
                  {"not_yet_valid", Certificate::not_yet_valid},
                  {"wrong_name", Certificate::wrong_name},
                  {"tls11", Certificate::tls11}});
   auto milliseconds = static_cast<unsigned>(latency.count());
   reader.count("latency_ms", milliseconds);
   latency = std::chrono::milliseconds(milliseconds);
   if (reader.has("faults")) faults.clear();
   reader.list("faults", [&](ScenarioReader& fault) { faults.push_back(read_fault(fault)); });
}

struct Simulator::Parts {
   Parts(const WireScenario& wire, std::vector<std::string> simulated, Handler platform,
         const SimulatorOptions& options)
       : hosts(std::move(simulated)),
         faults(wire.faults, wire.latency),
         server(
             issue(authority, hosts, wire.certificate),
             [this, platform = std::move(platform)](const Request& request) {
                return faults.answer(request, platform);
             },
             server_options(wire, options)) {
      if (options.state_directory.empty()) scratch = std::make_unique<ScratchDirectory>();
      const std::filesystem::path& directory = scratch ? scratch->path() : options.state_directory;
      std::filesystem::create_directories(directory);
      ca_file = std::filesystem::absolute(directory / "ca.pem");
      authority.write(ca_file);
   }

   std::vector<std::string> hosts;
   CertificateAuthority authority;
   FaultPlan faults;
   std::unique_ptr<ScratchDirectory> scratch;
   std::filesystem::path ca_file;
   HttpsServer server;
};

Simulator::Simulator(const WireScenario& wire, std::vector<std::string> hosts, Handler platform,
                     const SimulatorOptions& options)
    : parts_(std::make_unique<Parts>(wire, std::move(hosts), std::move(platform), options)) {}

Simulator::Simulator(Simulator&&) noexcept = default;
Simulator::~Simulator() = default;

uint16_t Simulator::port() const { return parts_->server.port(); }
const std::filesystem::path& Simulator::ca_file() const { return parts_->ca_file; }
const std::string& Simulator::ca_pem() const { return parts_->authority.pem(); }
std::vector<JournalEntry> Simulator::journal() const { return parts_->server.journal(); }
HttpsServer& Simulator::server() { return parts_->server; }

std::size_t Simulator::count_requests(const std::function<bool(const JournalEntry&)>& condition) const {
   const std::vector<JournalEntry> entries = journal();
   return static_cast<std::size_t>(std::count_if(entries.begin(), entries.end(), condition));
}

std::vector<std::string> Simulator::connect_to() const {
   std::vector<std::string> result;
   for (const std::string& host : parts_->hosts) result.push_back(parts_->server.connect_to(host));
   return result;
}

}  // namespace msp::sim
