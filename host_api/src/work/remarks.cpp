// What an accepted check found that somebody should know, counted by kind.
#include <algorithm>
#include <array>

#include "msp/host/check.hpp"

namespace msp::host {
namespace {

constexpr std::array<RemarkKind, 5> kKinds{{{"unverified", &Remarks::unverified},
                                            {"restricted", &Remarks::restricted},
                                            {"missing_optional", &Remarks::missing_optional},
                                            {"deprecated", &Remarks::deprecated},
                                            {"other", &Remarks::other}}};

}  // namespace

std::span<const RemarkKind> remark_kinds() noexcept { return kKinds; }

Remarks remarks(const CheckReport& report) noexcept {
   Remarks remarks;
   if (report.outcome != Outcome::accepted) return remarks;
   for (const Grant& grant : report.grants) {
      remarks.unverified += grant.granted == Granted::unknown;
      remarks.restricted += grant.granted == Granted::restricted;
      remarks.missing_optional += grant.granted == Granted::none;  // a required one is never accepted
   }
   // A plugin may warn of rights that are granted, such as of one that shows no records.
   Remarks warned;
   for (const Finding& finding : report.findings) {
      if (finding.code == "auth.method_deprecated") {
         ++remarks.deprecated;
      } else if (finding.severity == Severity::warning) {
         ++(finding.code == "perm.unverifiable" ? warned.unverified
            : finding.code == "perm.restricted" ? warned.restricted
            : finding.code == "perm.missing"    ? warned.missing_optional
                                                : remarks.other);
      }
   }
   for (const auto kind : {&Remarks::unverified, &Remarks::restricted, &Remarks::missing_optional})
      if (remarks.*kind == 0) remarks.*kind = warned.*kind;
   return remarks;
}

bool was_made(const CheckReport& report) noexcept {
   switch (report.outcome) {
      case Outcome::unreachable:
      case Outcome::throttled:
      case Outcome::unavailable:
      case Outcome::timed_out:
      case Outcome::cancelled:
         return false;
      case Outcome::failed:
         // What this machine could not do, unlike a secret that cannot be read any more; and the end of a plugin's
         // process, unlike a rule that it broke.
         for (const Finding& finding : report.findings)
            if (is_plugin_end(finding.code)) return false;
         return !has_error(report, "host.") || has_error(report, "host.secret_unreadable");
      case Outcome::refused:
         return !has_error(report, "auth.unclear");
      default:
         return true;
   }
}

}  // namespace msp::host
