#include "sim/duo/duo_sim.hpp"

#include <algorithm>
#include <iomanip>
#include <map>
#include <sstream>

#include "sim/base64.hpp"
#include "sim/digests.hpp"
#include "sim/form.hpp"
#include "sim/scenario_reader.hpp"

namespace msp::sim {
namespace duo {
namespace {

constexpr std::string_view kDefault = R"({
  "host": "api-0a1b2c3d.duosecurity.com",
  "applications": [
    { "about": "Admin API, all rights", "integration_key": "DITHROWAWAY000000001",
      "secret_key": "throwawaysecret00000000000000000000000001", "api": "admin",
      "rights": ["information", "resource", "settings"] },
    { "about": "Admin API, may not read users", "integration_key": "DITHROWAWAY000000002",
      "secret_key": "throwawaysecret00000000000000000000000002", "api": "admin", "rights": ["information"] },
    { "about": "Auth API", "integration_key": "DITHROWAWAY000000003",
      "secret_key": "throwawaysecret00000000000000000000000003", "api": "auth" }
  ]
})";

struct Application {
   enum class Api { admin, auth };

   std::string about, key, secret;
   Api api = Api::admin;
   std::vector<std::string> rights;
};

struct Scenario {
   WireScenario wire;
   std::string host;
   std::vector<Application> applications;
};

void apply_text(Scenario& scenario, const std::string& text) {
   const rapidjson::Document document = parse_scenario(text);
   ScenarioReader reader(document);
   scenario.wire.read(reader);
   reader.text("host", scenario.host);
   if (reader.has("applications")) scenario.applications.clear();
   reader.list("applications", [&](ScenarioReader& application) {
      Application read;
      application.text("about", read.about);
      application.text("integration_key", read.key);
      if (read.key.empty()) application.fail("integration_key", "must not be empty.");
      application.text("secret_key", read.secret);
      application.choice("api", read.api, {{"admin", Application::Api::admin}, {"auth", Application::Api::auth}});
      application.texts("rights", read.rights);
      scenario.applications.push_back(read);
   });
   reader.finish();
}

Scenario read_scenario(const std::string& text) {
   Scenario scenario;
   apply_text(scenario, std::string(kDefault));
   if (!text.empty()) apply_text(scenario, text);
   return scenario;
}

// The first three digits are the status.
Reply refusal(int code, const std::string& message) {
   return Reply::json("{\"code\":" + std::to_string(code) + ",\"message\":\"" + message + "\",\"stat\":\"FAIL\"}",
                      code / 100);
}

Reply success(const std::string& response) { return Reply::json(R"({"response":)" + response + R"(,"stat":"OK"})"); }

// Date, method, host, path and sorted parameters, a line each.
std::string canonical(const Request& request) {
   std::vector<std::pair<std::string, std::string>> pairs;
   for (const auto& [name, value] : Form(request.method == "POST" ? request.body : request.query).pairs())
      pairs.emplace_back(percent_encoded(name), percent_encoded(value));
   std::sort(pairs.begin(), pairs.end());
   std::string parameters;
   for (const auto& [name, value] : pairs) parameters += (parameters.empty() ? "" : "&") + name + '=' + value;
   return request.header("Date").value_or("") + '\n' + request.method + '\n' + request.host() + '\n' + request.path +
          '\n' + parameters;
}

// HMAC-SHA1 or HMAC-SHA512, which their lengths tell apart.
bool is_signed(const Request& request, const std::string& secret, const std::string& signature) {
   const DigestKind kind = signature.size() == 128 ? DigestKind::sha512 : DigestKind::sha1;
   return host::hex(hmac(kind, secret, canonical(request))) == to_lower(signature);
}

// Stateless but for the time. [any-thread]
class Service {
 public:
   Service(Scenario scenario, std::shared_ptr<const Clock> clock)
       : scenario_(std::move(scenario)), clock_(std::move(clock)) {}

   Reply answer(const Request& request) const {
      if (request.path == "/auth/v2/ping") return success(time_json());
      const std::optional<std::string> pair = basic_credentials(request.header("Authorization").value_or(""));
      const std::size_t colon = pair ? pair->find(':') : std::string::npos;
      if (colon == std::string::npos) return refusal(40101, "Missing request credentials");
      const auto application =
          std::find_if(scenario_.applications.begin(), scenario_.applications.end(),
                       [&](const Application& each) { return each.key == pair->substr(0, colon); });
      if (application == scenario_.applications.end())
         return refusal(40102, "Invalid integration key in request credentials");
      if (!is_signed(request, application->secret, pair->substr(colon + 1)))
         return refusal(40103, "Invalid signature in request credentials");
      const std::optional<UtcTime> date = read_mail_time(request.header("Date").value_or(""));
      if (!date || std::chrono::abs(clock_->now() - *date) > std::chrono::minutes(5))
         return refusal(40105, "Bad request timestamp");
      return act(request, *application);
   }

 private:
   std::string time_json() const {
      return "{\"time\":" +
             std::to_string(
                 std::chrono::duration_cast<std::chrono::seconds>(clock_->now().time_since_epoch()).count()) +
             "}";
   }

   Reply act(const Request& request, const Application& application) const {
      if (request.path == "/auth/v2/check") {
         const bool may = application.api == Application::Api::auth;
         return may ? success(time_json()) : refusal(40301, "Access forbidden");
      }
      static const std::map<std::string, std::string> rights = {{"/admin/v1/info/summary", "information"},
                                                                {"/admin/v1/users", "resource"},
                                                                {"/admin/v1/settings", "settings"}};
      const auto right = rights.find(request.path);
      if (right == rights.end()) return refusal(40401, "Resource not found");
      const std::vector<std::string>& own = application.rights;
      if (application.api != Application::Api::admin || std::find(own.begin(), own.end(), right->second) == own.end())
         return refusal(40301, "Access forbidden");
      return success(right->second == "resource" ? "[]" : R"({"user_count":3})");
   }

   const Scenario scenario_;
   const std::shared_ptr<const Clock> clock_;
};

Simulator start(Scenario scenario, const SimulatorOptions& options, const std::shared_ptr<const Clock>& clock) {
   const WireScenario wire = scenario.wire;
   const std::string host = scenario.host;
   auto service = std::make_shared<Service>(std::move(scenario), clock);
   return {wire, {host}, [service](const Request& request) { return service->answer(request); }, options};
}

}  // namespace
}  // namespace duo

DuoSimulator::DuoSimulator(const std::string& scenario_json, const SimulatorOptions& options)
    : DuoSimulator(scenario_json, options, std::make_shared<Clock>()) {}

DuoSimulator::DuoSimulator(const std::string& scenario_json, const SimulatorOptions& options,
                           std::shared_ptr<Clock> clock)
    : Simulator(duo::start(duo::read_scenario(scenario_json), options, clock)), clock_(std::move(clock)) {}

std::string_view DuoSimulator::default_scenario() { return duo::kDefault; }

std::string DuoSimulator::default_users() {
   const duo::Scenario scenario = duo::read_scenario("");
   std::ostringstream lines;
   for (const duo::Application& each : scenario.applications)
      lines << "  " << std::left << std::setw(22) << each.key << std::setw(43) << each.secret << each.about << '\n';
   lines << "  Host: " << scenario.host;
   return lines.str();
}

}  // namespace msp::sim
