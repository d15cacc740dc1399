#include "integration_check_all.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "exit_code.hpp"
#include "integration_checks.hpp"
#include "problem_error.hpp"
#include "terminal.hpp"

namespace msp::console {
namespace {

// The first of these that occurred is what the whole ends with: what a person has to mend comes before what time mends.
constexpr std::array kGravity{ExitCode::store_unreadable,    ExitCode::internal,
                              ExitCode::credentials_refused, ExitCode::permissions_insufficient,
                              ExitCode::already_used,        ExitCode::settings_invalid,
                              ExitCode::plugin_unusable,     ExitCode::no_such_thing,
                              ExitCode::timed_out,           ExitCode::try_again};

std::string title(IntegrationState state) {
   switch (state) {
      case IntegrationState::active:
         return "accepted";
      case IntegrationState::needs_sign_in:
         return "needs sign-in";
      case IntegrationState::needs_attention:
         return "needs attention";
      case IntegrationState::temporary_trouble:
         return "temporary trouble";
      case IntegrationState::disabled:
         return "disabled";
   }
   return "needs attention";
}

// The first thing that is wrong, as one sentence.
std::string reason(const CheckedIntegration& checked) {
   const auto& findings = checked.report.findings;
   const auto error = std::ranges::find(findings, host::Severity::error, &host::Finding::severity);
   if (error != findings.end()) return error->summary;
   return checked.integration.drift.empty() ? "" : "Its rights are otherwise than when it was saved.";
}

// Tells of every check as it ends, and of all of them at the end.
class Progress {
 public:
   Progress(Output& output, bool json) : output_(output), json_(json), live_(is_terminal(Stream::error)) {}

   void add(const CheckedIntegration& checked, std::size_t enabled) {
      const IntegrationState state = state_after(checked.report);
      ++ended_;
      codes_[exit_code(checked)]++;
      if (checked.tried) {
         states_[state]++;
      } else {
         ++not_tried_;
      }
      clear_line();
      json_ ? add_document(checked) : add_line(checked, state);
      if (live_ && ended_ < enabled) {
         output_.note("Checked " + std::to_string(ended_) + " of " + std::to_string(enabled) + " ...");
      }
   }

   ExitCode finish(std::size_t enabled, bool cancelled) {
      clear_line();
      if (json_) {
         output_.document(ended_ == 0 ? "[]\n" : "\n]\n");
      } else {
         output_.result(enabled == 0 ? "There are no enabled integrations to check.\n" : summary(enabled, cancelled));
      }
      if (cancelled) return ExitCode::cancelled;
      const auto gravest = std::ranges::find_if(kGravity, [&](ExitCode code) { return codes_.contains(code); });
      return gravest == kGravity.end() ? ExitCode::accepted : *gravest;
   }

 private:
   void clear_line() {
      if (live_) output_.note("\r\033[K");
   }

   // One array, written as it grows: ten thousand documents need not be held at once.
   void add_document(const CheckedIntegration& checked) {
      std::string document = checked.to_json();
      while (!document.empty() && document.back() == '\n') document.pop_back();
      output_.document((ended_ == 1 ? "[\n" : ",\n") + document);
   }

   void add_line(const CheckedIntegration& checked, IntegrationState state) {
      const Style& style = output_.style();
      const bool drifted = state == IntegrationState::active && !checked.integration.drift.empty();
      const Tone colour = drifted                                        ? Tone::caution
                          : state == IntegrationState::active            ? Tone::good
                          : state == IntegrationState::temporary_trouble ? Tone::caution
                                                                         : Tone::bad;
      std::string text = one_line(checked.integration.name, 80) + ": " + title(state);
      if (const std::string why = reason(checked); !why.empty()) text += ". " + one_line(why, 300);
      output_.result(wrapped(text, 2, style.width, style.painted_sign(colour) + " "));
   }

   [[nodiscard]] std::string summary(std::size_t enabled, bool cancelled) const {
      const Style& style = output_.style();
      std::string counts;
      const auto count = [&](std::size_t number, const std::string& what) {
         if (number > 0) counts += (counts.empty() ? "" : ", ") + std::to_string(number) + " " + what;
      };
      for (const auto& [state, number] : states_) count(number, title(state));
      count(not_tried_, "not tried again (refused before)");
      if (cancelled) count(enabled - ended_, "not checked (cancelled)");
      std::string text = wrapped("Checked " + std::to_string(ended_ - not_tried_) + " of " + std::to_string(enabled) +
                                     (counts.empty() ? "." : ": " + counts + "."),
                                 2, style.width);
      if (not_tried_ > 0) {
         text += wrapped(
             "Refused credentials are not sent again by a check of all, because repeated refusals can lock an account. "
             "Edit the integration, or check it by its name.",
             2, style.width);
      }
      return "\n" + text;
   }

   Output& output_;
   bool json_;
   bool live_;
   std::size_t ended_ = 0;
   std::size_t not_tried_ = 0;
   std::map<IntegrationState, std::size_t> states_;
   std::map<ExitCode, std::size_t> codes_;
};

}  // namespace

ExitCode check_all(Context& context, std::size_t parallel) {
   const InterruptScope interrupt;
   Progress progress(context.output, context.options.json);
   const CheckAllResult result = context.console.integrations().check_all(
       {check_options(context, interrupt), parallel},
       [&](const CheckedIntegration& checked, std::size_t enabled) { progress.add(checked, enabled); });
   const ExitCode code = progress.finish(result.enabled, interrupt.token().stop_requested());
   if (!result.history_lost) return code;
   const host::Problem& lost = *result.history_lost;
   context.output.note(wrapped("A part of these checks is missing in the history. " + lost.summary + " " + lost.remedy,
                               2, context.output.note_style().width));
   return ExitCode::store_unreadable;
}

}  // namespace msp::console
