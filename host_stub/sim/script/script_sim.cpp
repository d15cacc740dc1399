#include "sim/script/script_sim.hpp"

#include <algorithm>
#include <mutex>

#include "sim/base64.hpp"
#include "sim/form.hpp"
#include "sim/script/script_scenario.hpp"

namespace msp::sim {
namespace script {
namespace {

bool holds(const Form& form, const Headers& wanted) {
   const auto& pairs = form.pairs();
   return std::all_of(wanted.begin(), wanted.end(),
                      [&](const auto& each) { return std::find(pairs.begin(), pairs.end(), each) != pairs.end(); });
}

bool matches(const Signs& signs, const Request& request) {
   const bool has_headers = std::all_of(signs.headers.begin(), signs.headers.end(),
                                        [&](const auto& each) { return request.header(each.first) == each.second; });
   if (!has_headers || !holds(Form(request.query), signs.query) || !holds(Form(request.body), signs.form)) return false;
   if (request.body.find(signs.body_part) == std::string::npos) return false;
   return signs.basic.empty() || basic_credentials(request.header("Authorization").value_or("")) == signs.basic;
}

bool is_here(const Route& route, const Request& request) {
   if (!route.method.empty() && route.method != request.method) return false;
   if (!route.host.empty() && to_lower(route.host) != request.host()) return false;
   if (!(route.is_beginning ? request.path.starts_with(route.path) : request.path == route.path)) return false;
   return matches(route.signs, request);
}

// [any-thread]
class Service {
 public:
   explicit Service(Scenario scenario) : scenario_(std::move(scenario)), seen_(scenario_.routes.size()) {}

   Reply answer(const Request& request) {
      const std::scoped_lock lock(mutex_);
      for (std::size_t i = 0; i < scenario_.routes.size(); ++i) {
         const Route& route = scenario_.routes[i];
         if (!is_here(route, request) || !is_for(route, request)) continue;
         const std::size_t turn = seen_[i]++;
         if (turn < route.after || (route.times != 0 && turn >= route.after + route.times)) continue;
         return route.answer;
      }
      return Reply::json(R"({"error":"no route of the script takes this request"})", 404);
   }

 private:
   bool is_for(const Route& route, const Request& request) const {
      if (route.users.empty()) return true;
      return std::any_of(scenario_.users.begin(), scenario_.users.end(), [&](const User& user) {
         const bool is_meant = std::find(route.users.begin(), route.users.end(), user.name) != route.users.end();
         return is_meant && std::any_of(user.known_by.begin(), user.known_by.end(),
                                        [&](const Signs& signs) { return matches(signs, request); });
      });
   }

   const Scenario scenario_;
   std::mutex mutex_;
   std::vector<std::size_t> seen_;
};

Simulator start(Scenario scenario, const SimulatorOptions& options) {
   const WireScenario wire = scenario.wire;
   const std::vector<std::string> hosts = scenario.hosts;
   auto service = std::make_shared<Service>(std::move(scenario));
   return {wire, hosts, [service](const Request& request) { return service->answer(request); }, options};
}

}  // namespace
}  // namespace script

ScriptSimulator::ScriptSimulator(const std::string& script_json, const SimulatorOptions& options)
    : Simulator(script::start(script::read_scenario(script_json), options)) {}

std::string_view ScriptSimulator::default_scenario() { return script::example_text(); }

}  // namespace msp::sim
