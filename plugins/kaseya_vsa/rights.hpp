// rights.hpp - what is asked about each right of the manifest, and what an answer says about it. A role can be narrower
// than it looks and a token narrower than its role, so only asking proves a right.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer.hpp"

namespace kaseya_vsa {

// What a list without records tells, beside that it may be read.
enum class IfEmpty { scope_too_narrow, perhaps_something_is_missing, nothing };

// One read-only request that needs the right.
struct Probe {
   std::string permission;  // id in the manifest
   std::string path;        // under the base URL
   std::string things;      // what it lists, for people: "agents"
   IfEmpty if_empty = IfEmpty::scope_too_narrow;
};

// The paths of the lists whose answers lead to more questions.
inline constexpr char kAgents[] = "assetmgmt/agents?$top=1";
inline constexpr char kServiceDesks[] = "automation/servicedesks?$top=1";

// Questions that prove no right, and so are only asked where a list is not there: which version this is, and whether
// there is a service desk.
inline constexpr char kEnvironment[] = "environment";
inline constexpr char kServiceDeskModule[] = "ismoduleactivated/18";

// The probes that need nothing beforehand.
std::vector<Probe> first_probes();

// Empty when the answer does not tell.
std::string version_of(const Answer& environment);

// Needs an agent to ask about; nothing without one.
std::optional<Probe> security_products_probe(const Answer& agents);

// Nothing where the module is clearly off; an answer to `kServiceDeskModule` that is unclear or missing spares nothing.
std::optional<Probe> service_desks_probe(const Answer& module);

// Whether the list of service desks may be missing with its module.
bool puts_module_in_doubt(const Answer& service_desks);

// The verdict on one right.
struct Right {
   msp::sdk::Granted granted = msp::sdk::Granted::unknown;
   msp::sdk::How how = msp::sdk::How::not_stated;
   std::string evidence;
   std::optional<msp::sdk::Finding> finding;                 // worth telling; of an unknown: why
   msp::sdk::Outcome outcome = msp::sdk::Outcome::accepted;  // of an unknown: why
};

// `version` is told where the right is not offered at all; it may be empty.
Right read_right(const Probe& probe, const Answer& answer, const std::string& version);

// Rights about which nothing was asked.
Right no_agent_to_ask_about();
Right no_service_desk();

}  // namespace kaseya_vsa
