#include "work/verdict.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace msp::host {
namespace {

constexpr const char* kRemedyOfSeveral =
    "Decide whether that is enough; each permission says how it is granted in full.";
constexpr const char* kRemedyOfSeveralUnverified =
    "Nothing is known to be missing. If something that needs one of them fails, see how that permission is granted.";

// "Update Tickets", as an administrator would say it.
std::string in_words(const Permission& permission) {
   std::string text = permission.operation + ' ' + permission.entity;
   text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
   return text;
}

Finding finding_for(const Permission& permission, std::string code, Severity severity, std::string summary) {
   Finding finding;
   finding.code = std::move(code);
   finding.severity = severity;
   finding.summary = std::move(summary);
   finding.remedy = permission.remedy;
   finding.doc_url = permission.doc_url;
   return finding;
}

std::string needed_for(const Permission& permission) {
   if (permission.used_for.empty()) return {};
   return " It is needed for: " + permission.used_for + (permission.used_for.ends_with('.') ? "" : ".");
}

Finding missing(const Permission& permission) {
   const bool required = permission.need == Need::required;
   return finding_for(permission, "perm.missing", required ? Severity::error : Severity::warning,
                      std::string("The ") + (required ? "right" : "optional right") + " to \"" + in_words(permission) +
                          "\" is missing." + needed_for(permission));
}

Finding restricted(const Permission& permission) {
   return finding_for(
       permission, "perm.restricted", Severity::warning,
       "The right to \"" + in_words(permission) + "\" is granted only under conditions." + needed_for(permission));
}

Finding unverified(const Permission& permission) {
   const bool required = permission.need == Need::required;
   const auto severity =
       required == permission.verifiable ? (required ? Severity::error : Severity::info) : Severity::warning;
   auto finding =
       finding_for(permission, "perm.unverifiable", severity,
                   "The right to \"" + in_words(permission) + "\" could not be verified." + needed_for(permission));
   finding.remedy =
       (severity == Severity::error ? "Try again. If it stays so: "
                                    : "Nothing is known to be missing. If something that needs it fails: ") +
       finding.remedy;
   return finding;
}

// What the findings about rights say of several rights at once, after their number and before their names.
std::string_view said_of_several(std::string_view code) {
   if (code == "perm.missing") return " optional rights are missing: ";
   return code == "perm.restricted" ? " rights are granted only under conditions: " : " rights could not be verified: ";
}

// Rights of which the same is to be said.
struct Remark {
   Finding finding;  // the one about the first of them
   std::vector<const Permission*> permissions;
};

// Fourteen restricted rights are one thing to know, not fourteen.
Finding in_one(Remark remark) {
   Finding& finding = remark.finding;
   const auto& permissions = remark.permissions;
   if (permissions.size() == 1) return finding;
   const auto same = [&](auto member) {
      return std::ranges::all_of(permissions, [&](const auto* one) { return one->*member == permissions[0]->*member; });
   };
   std::string names;
   for (const auto* permission : permissions) names += (names.empty() ? "\"" : ", \"") + in_words(*permission) + '"';
   finding.summary = std::to_string(permissions.size()) + std::string(said_of_several(finding.code)) + names + '.';
   if (!same(&Permission::remedy))
      finding.remedy = finding.code == "perm.unverifiable" ? kRemedyOfSeveralUnverified : kRemedyOfSeveral;
   if (!same(&Permission::doc_url)) finding.doc_url.clear();
   return finding;
}

// Collects what is to be said of the rights: errors each by itself, because each has to be mended, the rest in one
// finding for each kind.
class RightsFindings {
 public:
   void add(Finding finding, const Permission& permission) {
      if (finding.severity != Severity::error) {
         for (auto& known : remarks_) {
            if (known.finding.code != finding.code || known.finding.severity != finding.severity) continue;
            known.permissions.push_back(&permission);
            return;
         }
      }
      remarks_.push_back({std::move(finding), {&permission}});
   }

   void move_to(std::vector<Finding>& findings) {
      for (auto& remark : remarks_) findings.push_back(in_one(std::move(remark)));
   }

 private:
   std::vector<Remark> remarks_;
};

// What an answer that left a required right open is worth: the reason that was reported for it.
Outcome outcome_of_open_question(const std::vector<Finding>& findings) {
   for (const auto& finding : findings) {
      if (finding.code == "platform.throttled") return Outcome::throttled;
      if (finding.code.starts_with("net.")) return Outcome::unreachable;
   }
   return Outcome::unavailable;
}

// A known "no" counts whatever became of the other questions, unless the operation was stopped or is itself at fault.
bool may_refuse(Outcome outcome) {
   switch (outcome) {
      case Outcome::accepted:
      case Outcome::refused:
      case Outcome::unreachable:
      case Outcome::throttled:
      case Outcome::unavailable:
         return true;
      default:
         return false;
   }
}

}  // namespace

Verdict judge_permissions(const Manifest& manifest, OperationReport& report) {
   const bool answered = report.outcome == Outcome::accepted;
   bool lacking = false;
   bool open = false;          // a required right that the platform could have told about
   bool unverifiable = false;  // one about which it cannot
   RightsFindings findings;
   for (const Grant& grant : report.grants) {
      const Permission& permission = *manifest.permission(grant.permission_id);
      const bool required = permission.need == Need::required;
      switch (grant.granted) {
         case Granted::all:
            break;
         case Granted::restricted:
            findings.add(restricted(permission), permission);
            break;
         case Granted::none:
            lacking |= required;
            findings.add(missing(permission), permission);
            break;
         case Granted::unknown:
            open |= required && permission.verifiable;
            unverifiable |= required && !permission.verifiable;
            // Why there was no answer is told already by the findings of an operation that has none.
            if (answered) findings.add(unverified(permission), permission);
            break;
      }
   }
   if (lacking && may_refuse(report.outcome))
      report.outcome = Outcome::refused;
   else if (open && answered)
      report.outcome = outcome_of_open_question(report.findings);
   findings.move_to(report.findings);
   if (lacking) return Verdict::insufficient;
   return open || unverifiable || report.outcome != Outcome::accepted ? Verdict::unverifiable : Verdict::sufficient;
}

}  // namespace msp::host
