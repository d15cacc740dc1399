#include "sim/oauth/oauth_sim.hpp"

#include <iomanip>
#include <sstream>

#include "sim/oauth/oauth_scenario.hpp"
#include "sim/oauth/oauth_service.hpp"

namespace msp::sim {
namespace {

Simulator start(const std::shared_ptr<oauth::Service>& service, const SimulatorOptions& options) {
   const oauth::Scenario& scenario = service->scenario();
   return {scenario.wire,
           {scenario.login_host, scenario.api_host},
           [service](const Request& request) { return service->answer(request); },
           options};
}

}  // namespace

OAuthSimulator::OAuthSimulator(const std::string& scenario_json, const SimulatorOptions& options)
    : OAuthSimulator(std::make_shared<oauth::Service>(oauth::read_scenario(scenario_json)), options) {}

OAuthSimulator::OAuthSimulator(std::shared_ptr<oauth::Service> service, const SimulatorOptions& options)
    : Simulator(start(service, options)), service_(std::move(service)) {}

void OAuthSimulator::advance(std::chrono::seconds by) { service_->clock().advance(by); }
void OAuthSimulator::revoke_all() { service_->grants().revoke_all(); }
std::size_t OAuthSimulator::codes_redeemed() const { return service_->grants().counts().codes_redeemed; }
std::size_t OAuthSimulator::refreshed() const { return service_->grants().counts().refreshed; }
std::size_t OAuthSimulator::reused() const { return service_->grants().counts().reused; }

std::string_view OAuthSimulator::default_scenario() { return oauth::default_scenario_text(); }

std::string OAuthSimulator::default_users() {
   const oauth::Scenario scenario = oauth::read_scenario("");
   std::ostringstream lines;
   for (const oauth::User& user : scenario.users)
      lines << "  " << std::left << std::setw(21) << user.login << std::setw(15) << user.password << user.about << '\n';
   lines << "  Clients:\n";
   for (const oauth::Client& client : scenario.clients)
      lines << "  " << std::left << std::setw(17) << client.id << std::setw(28) << client.secret << client.about
            << '\n';
   lines << "  Sign-in: " << scenario.issuer() << ", API: https://" << scenario.api_host;
   return lines.str();
}

}  // namespace msp::sim
