#include "core/console_report.hpp"

#include <algorithm>

#include "core/lock_out_guard.hpp"
#include "msp/host/correlation_id.hpp"
#include "store/clock.hpp"

namespace msp::console {

// The report of a check that ended before anything was asked of the platform.
host::Outcome outcome_without_plugin(const host::Finding& problem) {
   return problem.code.starts_with("host.") || host::is_plugin_end(problem.code) ? host::Outcome::failed
                                                                                 : host::Outcome::incompatible;
}

host::CheckReport not_started(const std::string& platform, host::Outcome outcome, std::vector<host::Finding> findings) {
   host::CheckReport report;
   report.outcome = outcome;
   report.correlation_id = host::new_correlation_id();
   report.platform = platform;
   const bool form = std::ranges::any_of(findings, [](const host::Finding& one) { return one.step == "settings"; });
   report.steps.push_back({"settings", form ? host::StepStatus::failed : host::StepStatus::skipped, {}});
   for (const auto* step : {"validate_credentials", "check_permissions", "authenticate"}) {
      report.steps.push_back({step, host::StepStatus::skipped, {}});
   }
   report.findings = std::move(findings);
   return report;
}

host::Finding known_refused(const IntegrationRecord& saved, bool by_person) {
   if (saved.unclear_refusals > 0) {
      const std::string unclear = "the sign-in has been refused or answered in an unreadable way since " +
                                  sentence_time(*saved.refused_at) +
                                  ", by the platform or by something in front of it, and repeated refusals can lock "
                                  "the account.";
      if (const auto at = tries_again_at(saved)) {
         return host::Finding{"auth.unclear", "Not tried again yet: " + unclear,
                              "From " + sentence_time(*at) +
                                  " on, a check of all tries the sign-in again. Or check this integration alone."};
      }
      return host::Finding{"auth.unclear", "Not tried again: " + unclear,
                           "Find out who refuses: check this integration alone and follow what the check says."};
   }
   return host::Finding{
       "auth.rejected",
       "Not tried again: the platform has refused " + std::string(by_person ? "the sign-in" : "these credentials") +
           " since " + sentence_time(*saved.refused_at) + ", and repeated refusals can lock the account.",
       by_person ? "Sign in again, or check this integration alone."
                 : "Edit the integration and enter the credentials again, or check this integration alone."};
}

// What the console itself has against an accepted check.
void refuse(host::CheckReport& report, host::Outcome outcome, host::Finding reason) {
   report.outcome = outcome;
   report.findings.insert(report.findings.begin(), std::move(reason));
   report.session.reset();
}

host::Finding changed_meanwhile(const std::string& work, const std::string& remedy) {
   return {"integration.changed", "The integration was changed by somebody else during the " + work + ".", remedy};
}

host::Finding removed() {
   return host::Finding{"integration.missing", "This integration was removed meanwhile.",
                        "Look at the list of integrations; add it again if it is still needed."};
}

}  // namespace msp::console
