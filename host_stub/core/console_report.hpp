// console_report.hpp - the findings and reports that the console itself makes: what it has to say about a check besides
// the plugin.
#pragma once

#include <string>
#include <vector>

#include "msp/host/check.hpp"
#include "msp/host/result.hpp"
#include "store/records.hpp"

namespace msp::console {

// That somebody removed the integration.
host::Finding removed();
// What is done with it was begun with other settings; `work` is a noun, such as "check".
host::Finding changed_meanwhile(const std::string& work, const std::string& remedy);

// That saved credentials are known to be refused. REQUIRES: they are. Where a person signs in with a browser
// (`by_person`), nobody has credentials to enter.
host::Finding known_refused(const IntegrationRecord& saved, bool by_person);

// What it means for a check that its plugin is not there: the console's own trouble, or the plugin's.
host::Outcome outcome_without_plugin(const host::Finding& problem);

// The report of a check that ended before anything was asked of the platform.
host::CheckReport not_started(const std::string& platform, host::Outcome outcome, std::vector<host::Finding> findings);

// What the console itself has against an accepted check.
void refuse(host::CheckReport& report, host::Outcome outcome, host::Finding reason);

}  // namespace msp::console
