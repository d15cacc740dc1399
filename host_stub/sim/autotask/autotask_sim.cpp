#include "sim/autotask/autotask_sim.hpp"

#include <iomanip>
#include <sstream>

#include "sim/autotask/autotask_scenario.hpp"
#include "sim/autotask/autotask_service.hpp"

namespace msp::sim {
namespace {

Simulator start(autotask::Scenario scenario, const SimulatorOptions& options) {
   const WireScenario wire = scenario.wire;
   std::vector<std::string> hosts = scenario.hosts();
   auto service = std::make_shared<autotask::Service>(std::move(scenario));
   return {wire, std::move(hosts), [service](const Request& request) { return service->answer(request); }, options};
}

}  // namespace

AutotaskSimulator::AutotaskSimulator(const std::string& scenario_json, const SimulatorOptions& options)
    : Simulator(start(autotask::read_scenario(scenario_json), options)) {}

std::size_t AutotaskSimulator::signed_requests() const {
   return count_requests([](const JournalEntry& entry) { return entry.has_header("Secret"); });
}

std::size_t AutotaskSimulator::writes() const {
   return count_requests(
       [](const JournalEntry& entry) { return entry.method != "GET" && !to_lower(entry.path).ends_with("/query"); });
}

std::string_view AutotaskSimulator::default_scenario() { return autotask::default_scenario_text(); }

std::string AutotaskSimulator::default_users() {
   const autotask::Scenario scenario = autotask::read_scenario("");
   std::ostringstream lines;
   for (const autotask::User& user : scenario.users)
      lines << "  " << std::left << std::setw(32) << user.login << std::setw(16) << user.secret << user.about << '\n';
   lines << "  Tracking identifier of all: " << scenario.users.front().integration_codes.front();
   return lines.str();
}

}  // namespace msp::sim
