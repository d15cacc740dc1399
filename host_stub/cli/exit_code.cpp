#include "cli/exit_code.hpp"

#include <algorithm>

namespace msp::console {
namespace {

bool starts_with_any(std::string_view code, std::initializer_list<std::string_view> prefixes) {
   return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return code.starts_with(prefix); });
}

// The worst thing that a finding can mean for a check that could not be done.
ExitCode worst(const host::CheckReport& report, ExitCode otherwise) {
   for (const host::Finding& finding : report.findings) {
      if (finding.severity != host::Severity::error) continue;
      const ExitCode code = exit_code(host::Finding{finding.code, {}, {}});
      if (code != ExitCode::internal) return code;
   }
   return otherwise;
}

ExitCode exit_code_of_status(int status) {
   if (status >= 200 && status <= 299) return ExitCode::accepted;
   switch (status) {
      case 401:
         return ExitCode::credentials_refused;
      case 403:
         return ExitCode::permissions_insufficient;
      case 404:
      case 410:
         return ExitCode::no_such_thing;
      case 408:
      case 429:
         return ExitCode::try_again;
      default:
         return status >= 500 ? ExitCode::try_again : ExitCode::settings_invalid;
   }
}

}  // namespace

ExitCode exit_code(const host::Finding& problem) {
   if (starts_with_any(problem.code, {"usage", "host.request_invalid"})) return ExitCode::usage;
   if (problem.code == "integration.disabled") return ExitCode::settings_invalid;
   if (starts_with_any(problem.code, {"integration.missing", "plugin.missing"})) return ExitCode::no_such_thing;
   if (problem.code.starts_with("plugin.")) return ExitCode::plugin_unusable;
   if (starts_with_any(problem.code, {"host.storage", "host.secret_unreadable"})) return ExitCode::store_unreadable;
   if (problem.code == "integration.changed") return ExitCode::try_again;
   if (problem.code == "net.host_not_allowed") return ExitCode::plugin_unusable;
   if (problem.code == "host.cancelled") return ExitCode::cancelled;
   return ExitCode::internal;
}

ExitCode exit_code(const host::CheckReport& report) {
   switch (report.outcome) {
      case host::Outcome::accepted:
         return ExitCode::accepted;
      case host::Outcome::refused:
         return host::refuses_credentials(report) ? ExitCode::credentials_refused : ExitCode::permissions_insufficient;
      case host::Outcome::invalid_settings:
         return ExitCode::settings_invalid;
      case host::Outcome::conflict:
         // Somebody else's change may have come first: then no name is used.
         return worst(report, ExitCode::already_used);
      case host::Outcome::unreachable:
      case host::Outcome::throttled:
      case host::Outcome::unavailable:
         return ExitCode::try_again;
      case host::Outcome::cancelled:
         return ExitCode::cancelled;
      case host::Outcome::timed_out:
         return ExitCode::timed_out;
      case host::Outcome::incompatible:
         return worst(report, ExitCode::plugin_unusable);
      case host::Outcome::failed:
         return worst(report, ExitCode::internal);
   }
   return ExitCode::internal;
}

ExitCode exit_code(const CheckedIntegration& checked) {
   const ExitCode code = exit_code(checked.report);
   // The integration is there; it is its plugin that is not.
   const bool no_plugin = code == ExitCode::no_such_thing && !has_error(checked.report, "integration.missing");
   return no_plugin && checked.integration.id != 0 ? ExitCode::plugin_unusable : code;
}

ExitCode strict_exit_code(const CheckedIntegration& checked) {
   return host::remarks(checked.report).none() ? exit_code(checked) : ExitCode::permissions_insufficient;
}

ExitCode exit_code(const IntegrationAnswer& answer) {
   const host::Response& response = answer.response;
   if (response.status != 0) return exit_code_of_status(response.status);
   CheckedIntegration as_check;
   as_check.integration = answer.integration;
   as_check.report.outcome = response.outcome;
   as_check.report.findings = response.findings;
   // Settings that do not fit, unless the console has something else against the request.
   if (response.outcome == host::Outcome::invalid_settings) return worst(as_check.report, ExitCode::settings_invalid);
   return exit_code(as_check);
}

}  // namespace msp::console
