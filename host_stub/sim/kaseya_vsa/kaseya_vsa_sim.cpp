#include "sim/kaseya_vsa/kaseya_vsa_sim.hpp"

#include <iomanip>
#include <sstream>

#include "sim/kaseya_vsa/kaseya_scenario.hpp"
#include "sim/kaseya_vsa/kaseya_service.hpp"

namespace msp::sim {
namespace {

Simulator start(kaseya::Scenario scenario, const SimulatorOptions& options) {
   const WireScenario wire = scenario.wire;
   const std::string host = scenario.host;
   auto service = std::make_shared<kaseya::Service>(std::move(scenario));
   return {wire, {host}, [service](const Request& request) { return service->answer(request); }, options};
}

}  // namespace

KaseyaVsaSimulator::KaseyaVsaSimulator(const std::string& scenario_json, const SimulatorOptions& options)
    : Simulator(start(kaseya::read_scenario(scenario_json), options)) {}

std::size_t KaseyaVsaSimulator::sign_ins() const {
   return count_requests([](const JournalEntry& entry) {
      return to_lower(entry.path).ends_with("/auth") && entry.has_header("Authorization");
   });
}

std::size_t KaseyaVsaSimulator::writes() const {
   return count_requests([](const JournalEntry& entry) { return entry.method != "GET"; });
}

std::string_view KaseyaVsaSimulator::default_scenario() { return kaseya::default_scenario_text(); }

std::string KaseyaVsaSimulator::default_users() {
   const kaseya::Scenario scenario = kaseya::read_scenario("");
   std::ostringstream lines;
   for (const kaseya::User& user : scenario.users)
      lines << "  " << std::left << std::setw(14) << user.login << std::setw(14) << user.password << std::setw(38)
            << user.tokens.front().token << user.about << '\n';
   lines << "  Server of all: https://" << scenario.host;
   return lines.str();
}

}  // namespace msp::sim
