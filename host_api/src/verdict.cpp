#include "verdict.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace msp::host {
namespace {

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
   if (severity == Severity::error) finding.remedy = "Try again. If it stays so: " + finding.remedy;
   return finding;
}

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
   std::vector<Finding> findings;
   for (std::size_t i = 0; i < manifest.permissions.size(); ++i) {
      const auto& permission = manifest.permissions[i];
      const bool required = permission.need == Need::required;
      switch (report.grants.at(i).granted) {
         case Granted::all:
            break;
         case Granted::restricted:
            findings.push_back(restricted(permission));
            break;
         case Granted::none:
            lacking |= required;
            findings.push_back(missing(permission));
            break;
         case Granted::unknown:
            open |= required && permission.verifiable;
            unverifiable |= required && !permission.verifiable;
            // Why there was no answer is told already by the findings of an operation that has none.
            if (answered) findings.push_back(unverified(permission));
            break;
      }
   }
   if (lacking && may_refuse(report.outcome))
      report.outcome = Outcome::refused;
   else if (open && answered)
      report.outcome = outcome_of_open_question(report.findings);
   std::ranges::move(findings, std::back_inserter(report.findings));
   if (lacking) return Verdict::insufficient;
   return open || unverifiable || report.outcome != Outcome::accepted ? Verdict::unverifiable : Verdict::sufficient;
}

}  // namespace msp::host
