#include "check_counts.hpp"

#include <algorithm>

#include "check_words.hpp"

namespace msp::console {

std::string reason_of(const CheckedIntegration& checked) {
   const auto& findings = checked.report.findings;
   const auto error = std::ranges::find(findings, host::Severity::error, &host::Finding::severity);
   if (error != findings.end()) return error->summary;
   return checked.integration.drift.empty() ? "" : "Its permissions are otherwise than when it was saved.";
}

void CheckCounts::add(const CheckedIntegration& checked) {
   ++ended_;
   checked.tried ? ++states_[state_after(checked.report)] : ++not_tried_;
}

std::string CheckCounts::sentence(std::size_t enabled, bool cancelled) const {
   if (enabled == 0) return "There are no enabled integrations to check.";
   std::string counts;
   const auto count = [&](std::size_t number, const std::string& what) {
      if (number > 0) counts += (counts.empty() ? "" : ", ") + std::to_string(number) + " " + what;
   };
   for (const auto& [state, number] : states_) count(number, words(name(state)));
   count(not_tried_, "not tried again (refused before)");
   if (cancelled) count(enabled - ended_, "not checked (cancelled)");
   return "Checked " + std::to_string(ended_ - not_tried_) + " of " + std::to_string(enabled) +
          (counts.empty() ? "." : ": " + counts + ".");
}

std::string CheckCounts::advice() const {
   if (not_tried_ == 0) return {};
   return "Refused credentials are not sent again by a check of all, because repeated refusals can lock an account. "
          "Edit the integration, or check it by itself.";
}

}  // namespace msp::console
