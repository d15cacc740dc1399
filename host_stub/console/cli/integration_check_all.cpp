#include "integration_check_all.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "check_counts.hpp"
#include "check_words.hpp"
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

// Tells of every check as it ends, and of all of them at the end.
class Progress {
 public:
   Progress(Output& output, bool json) : output_(output), json_(json), live_(is_terminal(Stream::error)) {}

   void add(const CheckedIntegration& checked, std::size_t enabled) {
      const IntegrationState state = state_after(checked.report);
      counts_.add(checked);
      codes_[exit_code(checked)]++;
      clear_line();
      json_ ? add_document(checked) : add_line(checked, state);
      if (live_ && counts_.ended() < enabled) {
         output_.note("Checked " + std::to_string(counts_.ended()) + " of " + std::to_string(enabled) + " ...");
      }
   }

   ExitCode finish(std::size_t enabled, bool cancelled) {
      clear_line();
      if (json_) {
         output_.document(counts_.ended() == 0 ? "[]\n" : "\n]\n");
      } else {
         output_.result(summary(enabled, cancelled));
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
      output_.document((counts_.ended() == 1 ? "[\n" : ",\n") + document);
   }

   void add_line(const CheckedIntegration& checked, IntegrationState state) {
      const Style& style = output_.style();
      const bool drifted = state == IntegrationState::active && !checked.integration.drift.empty();
      const Tone colour = drifted                                        ? Tone::caution
                          : state == IntegrationState::active            ? Tone::good
                          : state == IntegrationState::temporary_trouble ? Tone::caution
                                                                         : Tone::bad;
      std::string text = one_line(checked.integration.name, 80) + ": " + words(name(state));
      if (const std::string why = reason_of(checked); !why.empty()) text += ". " + one_line(why, 300);
      output_.result(wrapped(text, 2, style.width, style.painted_sign(colour) + " "));
   }

   [[nodiscard]] std::string summary(std::size_t enabled, bool cancelled) const {
      const Style& style = output_.style();
      std::string text = wrapped(counts_.sentence(enabled, cancelled), 2, style.width);
      if (const std::string advice = counts_.advice(); !advice.empty()) text += wrapped(advice, 2, style.width);
      return (enabled == 0 ? "" : "\n") + text;
   }

   Output& output_;
   bool json_;
   bool live_;
   CheckCounts counts_;
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
   if (!result.problem) return code;
   context.output.note(
       wrapped(result.problem->summary + " " + result.problem->remedy, 2, context.output.note_style().width));
   return exit_code(*result.problem);
}

}  // namespace msp::console
