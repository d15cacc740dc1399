#include "rights.hpp"

#include "msp/sdk/text.hpp"

namespace kaseya_vsa {
namespace {

using msp::sdk::Finding;
using msp::sdk::Granted;
using msp::sdk::How;
using msp::sdk::JsonValue;
using msp::sdk::Outcome;

// Ids have 15 to 26 digits. What is anything else does not belong into an address.
std::optional<std::string> first_agent(const Answer& agents) {
   if (agents.meaning != Meaning::document) return std::nullopt;
   for (const JsonValue& agent : agents.result().items()) {
      const std::string_view id = agent["AgentId"].text().value_or("");
      if (!id.empty() && id.size() <= 40 && msp::sdk::is_digits(id)) return std::string(id);
   }
   return std::nullopt;
}

// A scope hides records without an error: an empty list proves the right and little else.
Finding nothing_to_see(const Probe& probe) {
   return Finding::warning("perm.restricted", "VSA shows this user no " + probe.things + " at all.")
       .remedy(
           "If there should be some, give the user's role a scope that holds them: System > User Security > Scopes "
           "> (scope), then Assign User to Scope.");
}

Finding not_offered(const Probe& probe, const Answer& answer, const std::string& version) {
   return Finding::warning("platform.unsupported_version",
                           "This VSA" + (version.empty() ? "" : " (version " + version + ")") + " offers no list of " +
                               probe.things + ": it is an older version, or the module that has them is not installed.")
       .remedy("Update VSA, or have the module installed and licensed (System > Server Management > License Manager).")
       .http_status(answer.status);
}

}  // namespace

std::vector<Probe> first_probes() {
   return {{"orgs.read", "system/orgs?$top=1", "organizations"},
           {"machinegroups.read", "system/machinegroups?$top=1", "machine groups"},
           {"agents.read", "assetmgmt/agents?$top=1", "agents"},
           {"agentprocs.read", "automation/agentprocs?$top=1", "agent procedures"}};
}

std::string version_of(const Answer& environment) {
   if (environment.meaning != Meaning::document) return {};
   return msp::sdk::shortened(msp::sdk::trim(environment.result()["Version"].text().value_or("")), 32);
}

std::optional<Probe> security_products_probe(const Answer& agents) {
   const auto agent = first_agent(agents);
   if (!agent) return std::nullopt;
   return Probe{"securityproducts.read", "assetmgmt/audit/" + *agent + "/software/securityproducts?$top=1",
                "installed security products"};
}

std::optional<Probe> service_desks_probe(const Answer& module) {
   // Only a clear no spares the question.
   if (module.meaning == Meaning::document && module.result().boolean() == false) return std::nullopt;
   return Probe{"servicedesks.read", "automation/servicedesks?$top=1", "service desks"};
}

Right read_right(const Probe& probe, const Answer& answer, const std::string& version) {
   const std::string list = "the list of " + probe.things;
   switch (answer.meaning) {
      case Meaning::document:
         break;
      case Meaning::denied:
         return {Granted::none, How::probed, evidence_of(answer), std::nullopt, Outcome::accepted};
      case Meaning::not_there:
         return {Granted::none, How::probed, evidence_of(answer), not_offered(probe, answer, version),
                 Outcome::accepted};
      default:
         return {Granted::unknown, How::not_stated, evidence_of(answer), explain(answer, list), outcome_of(answer)};
   }
   if (!answer.result().is_array())
      return {Granted::unknown, How::not_stated, "no list", explain(answer, list), Outcome::unavailable};
   const bool empty = answer.result().items().empty();
   const auto total = (*answer.document)["TotalRecords"].integer();
   Right right{Granted::all, How::probed, total ? "TotalRecords=" + std::to_string(*total) : "TotalRecords not stated",
               std::nullopt, Outcome::accepted};
   if (empty) right.finding = nothing_to_see(probe);
   return right;
}

Right no_agent_to_ask_about() {
   return {Granted::unknown, How::not_stated, "no agent to ask about", std::nullopt, Outcome::accepted};
}

Right no_service_desk() {
   return {Granted::none, How::probed, "module 18 (Service Desk) is not activated", std::nullopt, Outcome::accepted};
}

}  // namespace kaseya_vsa
