// rights.hpp - what is asked about each right of the manifest, and what an answer says about it. A role can be narrower
// than it looks and a token narrower than its role, so only asking proves a right.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer.hpp"

namespace kaseya_vsa {

// One read-only request that needs the right.
struct Probe {
   std::string permission;  // id in the manifest
   std::string path;        // under the base URL
   std::string things;      // what it lists, for people: "agents"
};

// The probes that need nothing beforehand.
std::vector<Probe> first_probes();

// What else the first round asks: which version this is, and whether there is a service desk.
inline constexpr char kEnvironment[] = "environment";
inline constexpr char kServiceDeskModule[] = "ismoduleactivated/18";

// Empty when the answer does not tell.
std::string version_of(const Answer& environment);

// The probes of the second round, by what the first found out. Nothing without an agent, or without the module.
std::optional<Probe> security_products_probe(const Answer& agents);
std::optional<Probe> service_desks_probe(const Answer& module);

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
