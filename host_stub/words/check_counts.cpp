#include "words/check_counts.hpp"

#include <algorithm>

#include "words/check_words.hpp"
#include "words/remark_words.hpp"

namespace msp::console {
namespace {

// One line has no room for fourteen names: `14 rights are granted ...: "Query Tickets", "Update Tickets", ...` keeps
// the first three and says how many more there are.
std::string with_few_names(const std::string& text) {
   constexpr std::size_t kShown = 3;
   constexpr std::string_view kBetween = "\", \"";
   std::size_t names = 1;
   std::size_t cut = 0;   // where the last of those that are shown ends
   std::size_t last = 0;  // where the last one of all begins
   for (std::size_t at = text.find(kBetween); at != std::string::npos; at = text.find(kBetween, last)) {
      if (names == kShown) cut = at + 1;
      last = at + kBetween.size();
      ++names;
   }
   const std::size_t end = text.find('"', last);
   if (names <= kShown + 1 || end == std::string::npos) return text;
   return text.substr(0, cut) + " and " + std::to_string(names - kShown) + " others" + text.substr(end + 1);
}

}  // namespace

CheckGroup group_of(const CheckedIntegration& checked) noexcept {
   if (!host::was_made(checked.report)) return CheckGroup::not_checked;
   if (checked.report.outcome != host::Outcome::accepted) return CheckGroup::needs_somebody;
   return host::remarks(checked.report).none() ? CheckGroup::in_order : CheckGroup::with_remarks;
}

std::string_view name(CheckGroup group) noexcept {
   switch (group) {
      case CheckGroup::in_order:
         return "in_order";
      case CheckGroup::with_remarks:
         return "with_remarks";
      case CheckGroup::not_checked:
         return "not_checked";
      case CheckGroup::needs_somebody:
         break;
   }
   return "needs_somebody";
}

std::string heading(CheckGroup group, std::size_t count, const std::string& dash) {
   const std::string number = " (" + std::to_string(count) + ")";
   switch (group) {
      case CheckGroup::in_order:
         return "In order" + number;
      case CheckGroup::with_remarks:
         return "Work, with remarks" + number;
      case CheckGroup::not_checked:
         return "Could not be checked now" + number + " " + dash + " try again later";
      case CheckGroup::needs_somebody:
         break;
   }
   return "Need attention" + number;
}

std::string state_words(const CheckedIntegration& checked) {
   if (group_of(checked) == CheckGroup::not_checked) return "not checked";
   const std::string remarks = remark_words(host::remarks(checked.report));
   return words(name(state_after(checked.report))) + (remarks.empty() ? "" : ", " + remarks);
}

std::string reason_of(const CheckedIntegration& checked) {
   const auto& findings = checked.report.findings;
   const auto error = std::ranges::find(findings, host::Severity::error, &host::Finding::severity);
   if (error != findings.end()) return with_few_names(error->summary);
   if (!checked.integration.drift.empty()) return "Its permissions changed since it was saved.";
   const auto warning = std::ranges::find(findings, host::Severity::warning, &host::Finding::severity);
   return group_of(checked) == CheckGroup::with_remarks && warning != findings.end() ? with_few_names(warning->summary)
                                                                                     : "";
}

void CheckCounts::add(const CheckedIntegration& checked) {
   ++ended_;
   const CheckGroup group = group_of(checked);
   if (!checked.tried)
      ++not_tried_;
   else if (group == CheckGroup::not_checked)
      ++not_checked_;
   else if (group == CheckGroup::with_remarks)
      ++with_remarks_;
   else
      ++states_[state_after(checked.report)];
}

std::string CheckCounts::sentence(std::size_t enabled, bool cancelled) const {
   if (enabled == 0) return "There are no enabled integrations to check.";
   std::string counts;
   const auto count = [&](std::size_t number, const std::string& what) {
      if (number > 0) counts += (counts.empty() ? "" : ", ") + std::to_string(number) + " " + what;
   };
   const auto active = states_.find(IntegrationState::active);
   if (active != states_.end()) count(active->second, words(name(active->first)));
   count(with_remarks_, "active with remarks");
   for (const auto& [state, number] : states_) {
      if (state != IntegrationState::active) count(number, words(name(state)));
   }
   count(not_tried_, "not tried again (refused before)");
   count(not_checked_, "could not be checked now");
   if (cancelled)
      count(enabled - ended_, "not checked (cancelled)");
   else if (ended_ < enabled)
      count(enabled - ended_, "disabled or removed meanwhile");
   return "Checked " + std::to_string(ended_ - not_tried_ - not_checked_) + " of " + std::to_string(enabled) +
          (counts.empty() ? "." : ": " + counts + ".");
}

std::string CheckCounts::advice() const {
   if (not_tried_ == 0) return {};
   return "Refused credentials are not sent again by a check of all, because repeated refusals can lock an account. "
          "Edit the integration, or check it by itself.";
}

}  // namespace msp::console
