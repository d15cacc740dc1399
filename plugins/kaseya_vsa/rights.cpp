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
std::optional<Finding> nothing_to_see(const Probe& probe) {
   switch (probe.if_empty) {
      case IfEmpty::scope_too_narrow:
         return Finding::warning("perm.restricted", "VSA shows this user no " + probe.things + " at all.")
             .remedy(
                 "If there should be some, give the user's role a scope that holds them: System > User Security > "
                 "Scopes > (scope), then Assign User to Scope.");
      case IfEmpty::perhaps_something_is_missing:
         return Finding::info("perm.restricted",
                              "The user may read " + probe.things + ", but VSA shows none at the moment.")
             .remedy(
                 "Nothing is wrong unless there should be some: then check in VSA that they exist and are shared with "
                 "the user's role.");
      case IfEmpty::nothing:
         break;
   }
   return std::nullopt;
}

// Several questions are under way at once, and the host's finding about one that got no answer does not name it.
Finding why_open(const Probe& probe, const Answer& answer) {
   const Finding why = explain(answer, "the list of " + probe.things);
   if (answer.meaning != Meaning::no_answer) return why;
   msp_finding table = why.table();
   const std::string summary = "The list of " + probe.things + " could not be read: " + table.summary;
   table.summary = summary.c_str();
   return Finding(table);
}

Finding not_offered(const Probe& probe, const Answer& answer, const std::string& version) {
   return Finding::warning("platform.unsupported_version",
                           "This VSA" + (version.empty() ? "" : " (version " + version + ")") + " offers no list of " +
                               probe.things + ": it is an older version, or the module that has them is not installed.")
       .remedy("Update VSA, or have the module installed and licensed (System > Server Management > License Manager).")
       .http_status(answer.status);
}

Probe service_desks() {
   return {"servicedesks.read", kServiceDesks, "service desks", IfEmpty::perhaps_something_is_missing};
}

}  // namespace

std::vector<Probe> first_probes() {
   return {
       {"orgs.read", "system/orgs?$top=1", "organizations"},
       {"machinegroups.read", "system/machinegroups?$top=1", "machine groups"},
       {"agents.read", kAgents, "agents"},
       {"agentprocs.read", "automation/agentprocs?$top=1", "agent procedures", IfEmpty::perhaps_something_is_missing},
       service_desks()};
}

std::string version_of(const Answer& environment) {
   if (environment.meaning != Meaning::document) return {};
   constexpr std::size_t kLongestVersion = 32;  // a longer text is none
   const std::string_view version = msp::sdk::trim(environment.result()["Version"].text().value_or(""));
   return version.size() > kLongestVersion ? std::string() : std::string(version);
}

std::optional<Probe> security_products_probe(const Answer& agents) {
   const auto agent = first_agent(agents);
   if (!agent) return std::nullopt;
   return Probe{"securityproducts.read", "assetmgmt/audit/" + *agent + "/software/securityproducts?$top=1",
                "installed security products", IfEmpty::nothing};
}

std::optional<Probe> service_desks_probe(const Answer& module) {
   if (module.meaning == Meaning::document && module.result().boolean() == false) return std::nullopt;
   return service_desks();
}

bool puts_module_in_doubt(const Answer& service_desks) {
   // Nothing says that it must be a 404.
   return service_desks.meaning == Meaning::not_there || service_desks.meaning == Meaning::refused ||
          service_desks.meaning == Meaning::outage;
}

Right read_right(const Probe& probe, const Answer& answer, const std::string& version) {
   switch (answer.meaning) {
      case Meaning::document:
         break;
      case Meaning::not_asked:
         return {Granted::unknown, How::not_stated, "not asked: the time was over", std::nullopt, Outcome::accepted};
      case Meaning::denied:
         return {Granted::none, How::probed, evidence_of(answer), std::nullopt, Outcome::accepted};
      case Meaning::not_there:
         return {Granted::none, How::probed, evidence_of(answer), not_offered(probe, answer, version),
                 Outcome::accepted};
      default:
         return {Granted::unknown, How::not_stated, evidence_of(answer), why_open(probe, answer), outcome_of(answer)};
   }
   if (!answer.result().is_array())
      return {Granted::unknown, How::not_stated, "no list", why_open(probe, answer), Outcome::unavailable};
   const bool empty = answer.result().items().empty();
   const auto total = (*answer.document)["TotalRecords"].integer();
   Right right{Granted::all, How::probed, total ? "TotalRecords=" + std::to_string(*total) : "TotalRecords not stated",
               std::nullopt, Outcome::accepted};
   if (empty) right.finding = nothing_to_see(probe);
   return right;
}

Right no_agent_to_ask_about() {
   return {Granted::unknown, How::not_stated, "not asked: no agent is known", std::nullopt, Outcome::accepted};
}

Right no_service_desk() {
   return {Granted::none, How::probed, "module 18 (Service Desk) is not activated", std::nullopt, Outcome::accepted};
}

}  // namespace kaseya_vsa
