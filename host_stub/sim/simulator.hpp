// simulator.hpp - what the simulators of all platforms have in common.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sim/wire/fault_plan.hpp"
#include "sim/wire/https_server.hpp"

namespace msp::sim {

class ScenarioReader;

// Where a simulator listens and what it leaves behind.
struct SimulatorOptions {
   uint16_t port = 0;                      // 0: the system chooses
   std::filesystem::path state_directory;  // empty: a scratch directory, gone with the simulator
   std::filesystem::path journal_file;     // empty: the journal is kept in memory only
};

// The part of a scenario that every platform shares: the wire.
struct WireScenario {
   enum class Certificate { ok, expired, not_yet_valid, wrong_name, tls11 };

   Certificate certificate = Certificate::ok;
   std::chrono::milliseconds latency{0};
   std::vector<FaultRule> faults;

   // Reads `certificate`, `latency_ms` and `faults`.
   void read(ScenarioReader& reader);
};

// A simulated platform on the wire: an HTTPS server that answers for the platform's real host names, its throw-away
// authority, and the faults of the scenario. Clients reach it with ca_file() and connect_to(), and otherwise as they
// would reach the platform. All functions: [any-thread]
class Simulator {
 public:
   Simulator(const WireScenario& wire, std::vector<std::string> hosts, Handler platform,
             const SimulatorOptions& options = {});
   Simulator(Simulator&&) noexcept;
   virtual ~Simulator();

   uint16_t port() const;

   // The authority to trust, as a PEM file and as its text.
   const std::filesystem::path& ca_file() const;
   const std::string& ca_pem() const;

   // One "HOST:443:127.0.0.1:PORT" for each simulated host.
   std::vector<std::string> connect_to() const;

   std::vector<JournalEntry> journal() const;
   std::size_t count_requests(const std::function<bool(const JournalEntry&)>& condition) const;

   // For holding requests, counting connections, and waiting without sleeping.
   HttpsServer& server();

 private:
   struct Parts;
   std::unique_ptr<Parts> parts_;
};

}  // namespace msp::sim
