#include "sim/aws/aws_sim.hpp"

#include <algorithm>
#include <iomanip>
#include <set>
#include <sstream>

#include "sim/aws/sigv4_signature.hpp"
#include "sim/digests.hpp"
#include "sim/form.hpp"
#include "sim/scenario_reader.hpp"

namespace msp::sim {
namespace aws {
namespace {

constexpr std::string_view kDefault = R"({
  "hosts": ["sts.amazonaws.com", "iam.amazonaws.com", "sts.eu-west-1.amazonaws.com"],
  "keys": [
    { "about": "may do everything", "access_key_id": "AKIATHROWAWAY0000001",
      "secret_access_key": "throw/away+secret0000000000000000000001", "account": "111122223333", "user": "console",
      "actions": ["iam:GetAccountSummary", "iam:ListAccountAliases", "iam:ListUsers"] },
    { "about": "no rights", "access_key_id": "AKIATHROWAWAY0000002",
      "secret_access_key": "throw/away+secret0000000000000000000002", "account": "111122223333", "user": "no-rights" },
    { "about": "inactive", "access_key_id": "AKIATHROWAWAY0000003", "state": "inactive",
      "secret_access_key": "throw/away+secret0000000000000000000003", "account": "111122223333", "user": "gone" },
    { "about": "of another account", "access_key_id": "AKIATHROWAWAY0000004",
      "secret_access_key": "throw/away+secret0000000000000000000004", "account": "444455556666", "user": "console" }
  ]
})";

struct Key {
   enum class State { active, inactive };

   std::string about, access_key_id, secret, account, user;
   State state = State::active;
   std::vector<std::string> actions;
};

struct Scenario {
   WireScenario wire;
   std::vector<std::string> hosts;
   std::vector<Key> keys;
};

void apply_text(Scenario& scenario, const std::string& text) {
   const rapidjson::Document document = parse_scenario(text);
   ScenarioReader reader(document);
   scenario.wire.read(reader);
   reader.texts("hosts", scenario.hosts);
   if (scenario.hosts.empty()) reader.fail("hosts", "must name at least one host.");
   if (reader.has("keys")) scenario.keys.clear();
   reader.list("keys", [&](ScenarioReader& key) {
      Key read;
      key.text("about", read.about);
      key.text("access_key_id", read.access_key_id);
      if (read.access_key_id.empty()) key.fail("access_key_id", "must not be empty.");
      key.text("secret_access_key", read.secret);
      key.text("account", read.account);
      key.text("user", read.user);
      key.choice("state", read.state, {{"active", Key::State::active}, {"inactive", Key::State::inactive}});
      key.texts("actions", read.actions);
      scenario.keys.push_back(read);
   });
   reader.finish();
}

Scenario read_scenario(const std::string& text) {
   Scenario scenario;
   apply_text(scenario, std::string(kDefault));
   if (!text.empty()) apply_text(scenario, text);
   return scenario;
}

bool wants_json(const Request& request) {
   return request.header("Accept").value_or("").find("application/json") != std::string::npos;
}

Reply refusal(const Request& request, int status, const std::string& code, const std::string& message) {
   if (wants_json(request))
      return Reply::json(R"({"Error":{"Code":")" + code + R"(","Message":")" + message + R"(","Type":"Sender"}})",
                         status);
   Reply reply = Reply::html("<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" +
                                 html_escaped(message) + "</Message></Error></ErrorResponse>",
                             status);
   reply.set_header("Content-Type", "text/xml");
   return reply;
}

// `fields` in their order.
Reply answer_to(const Request& request, const std::string& action,
                const std::vector<std::pair<std::string, std::string>>& fields) {
   std::string xml;
   std::string json;
   for (const auto& [name, value] : fields) {
      xml += '<' + name + '>' + html_escaped(value) + "</" + name + '>';
      json += (json.empty() ? "\"" : ",\"") + name + "\":\"" + value + '"';
   }
   if (wants_json(request))
      return Reply::json("{\"" + action + "Response\":{\"" + action + "Result\":{" + json + "}}}");
   Reply reply = Reply::html('<' + action + "Response><" + action + "Result>" + xml + "</" + action + "Result></" +
                             action + "Response>");
   reply.set_header("Content-Type", "text/xml");
   return reply;
}

// "sts.eu-west-1.amazonaws.com" is of a region, "sts.amazonaws.com" of the first one.
std::pair<std::string, std::string> service_and_region(const std::string& host) {
   const std::size_t first = host.find('.');
   const std::string rest = host.substr(std::min(host.size(), first + 1));
   const std::size_t second = rest.find('.');
   const std::string region = rest.substr(0, second);
   return {host.substr(0, first), region == "amazonaws" ? "us-east-1" : region};
}

// Stateless but for the time. [any-thread]
class Service {
 public:
   Service(Scenario scenario, std::shared_ptr<const Clock> clock)
       : scenario_(std::move(scenario)), clock_(std::move(clock)) {}

   Reply answer(const Request& request) const {
      const std::optional<std::string> authorization = request.header("Authorization");
      if (!authorization) return refusal(request, 403, "MissingAuthenticationToken", "Request is missing a signature.");
      const std::optional<Credential> credential = read_credential(*authorization);
      if (!credential || !credential->signs("host") || !credential->signs("x-amz-date"))
         return refusal(request, 400, "IncompleteSignature", "The Authorization header is incomplete.");
      const auto key = std::find_if(scenario_.keys.begin(), scenario_.keys.end(),
                                    [&](const Key& each) { return each.access_key_id == credential->access_key_id; });
      if (key == scenario_.keys.end() || key->state == Key::State::inactive)
         return refusal(request, 403, "InvalidClientTokenId", "The security token included in the request is invalid.");
      if (const std::string problem = problem_of(request, *credential); !problem.empty())
         return refusal(request, 403, "SignatureDoesNotMatch", problem);
      if (signature_of(request, *credential, key->secret) != credential->signature)
         return refusal(request, 403, "SignatureDoesNotMatch",
                        "The request signature we calculated does not match the signature you provided.");
      return act(request, *key, credential->service);
   }

 private:
   std::string problem_of(const Request& request, const Credential& credential) const {
      const auto [service, region] = service_and_region(request.host());
      const std::string date = request.header("X-Amz-Date").value_or("");
      const std::optional<UtcTime> time = read_compact_time(date);
      if (!time || !date.starts_with(credential.day)) return "Date in Credential scope does not match the request's.";
      if (credential.service != service) return "Credential should be scoped to correct service: '" + service + "'.";
      if (credential.region != region) return "Credential should be scoped to a valid region.";
      const auto age = clock_->now() - *time;
      if (age > std::chrono::minutes(15)) return "Signature expired.";
      if (age < -std::chrono::minutes(15)) return "Signature not yet current.";
      for (const auto& [name, value] : request.headers)
         if (to_lower(name).starts_with("x-amz-") && !credential.signs(name)) return "A header is not signed.";
      return "";
   }

   static Reply act(const Request& request, const Key& key, const std::string& service) {
      const Form form(request.method == "POST" ? request.body : request.query);
      const std::string action = form.value("Action");
      const std::string full = service + ':' + action;
      const std::string arn = "arn:aws:iam::" + key.account + ":user/" + key.user;
      if (full == "sts:GetCallerIdentity")
         return answer_to(request, action, {{"Arn", arn}, {"UserId", "AIDA" + key.user}, {"Account", key.account}});
      static const std::set<std::string> known = {"iam:GetAccountSummary", "iam:ListAccountAliases", "iam:ListUsers"};
      if (!known.contains(full)) return refusal(request, 400, "InvalidAction", "Could not find operation.");
      if (std::find(key.actions.begin(), key.actions.end(), full) == key.actions.end())
         return refusal(request, 403, "AccessDenied", "User: " + arn + " is not authorized to perform: " + full);
      return answer_to(request, action, {{"IsTruncated", "false"}});
   }

   const Scenario scenario_;
   const std::shared_ptr<const Clock> clock_;
};

Simulator start(Scenario scenario, const SimulatorOptions& options, const std::shared_ptr<const Clock>& clock) {
   const WireScenario wire = scenario.wire;
   const std::vector<std::string> hosts = scenario.hosts;
   auto service = std::make_shared<Service>(std::move(scenario), clock);
   return {wire, hosts, [service](const Request& request) { return service->answer(request); }, options};
}

}  // namespace
}  // namespace aws

AwsSimulator::AwsSimulator(const std::string& scenario_json, const SimulatorOptions& options)
    : AwsSimulator(scenario_json, options, std::make_shared<Clock>()) {}

AwsSimulator::AwsSimulator(const std::string& scenario_json, const SimulatorOptions& options,
                           std::shared_ptr<Clock> clock)
    : Simulator(aws::start(aws::read_scenario(scenario_json), options, clock)), clock_(std::move(clock)) {}

std::string_view AwsSimulator::default_scenario() { return aws::kDefault; }

std::string AwsSimulator::default_users() {
   std::ostringstream lines;
   for (const aws::Key& key : aws::read_scenario("").keys)
      lines << "  " << std::left << std::setw(22) << key.access_key_id << std::setw(41) << key.secret << key.about
            << '\n';
   return lines.str();
}

}  // namespace msp::sim
