#include "cli/integration_check_all.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "cli/changed_plugins.hpp"
#include "cli/exit_code.hpp"
#include "cli/integration_checks.hpp"
#include "cli/terminal.hpp"
#include "msp/host/json_writer.hpp"
#include "store/finding_error.hpp"
#include "words/check_counts.hpp"
#include "words/check_words.hpp"

namespace msp::console {
namespace {

// The first of these that occurred is what the whole ends with: what a person has to mend comes before what time mends.
constexpr std::array kGravity{ExitCode::store_unreadable,    ExitCode::internal,
                              ExitCode::credentials_refused, ExitCode::permissions_insufficient,
                              ExitCode::already_used,        ExitCode::settings_invalid,
                              ExitCode::plugin_unusable,     ExitCode::no_such_thing,
                              ExitCode::timed_out,           ExitCode::try_again};

ExitCode code_of(const CheckedIntegration& checked, bool strict) {
   // Whatever kept it from being made: later it may go better.
   if (group_of(checked) == CheckGroup::not_checked) return ExitCode::try_again;
   return strict ? strict_exit_code(checked) : exit_code(checked);
}

Tone tone(CheckGroup group, bool drifted) {
   if (group == CheckGroup::needs_somebody) return Tone::bad;
   return group == CheckGroup::in_order && !drifted ? Tone::good : Tone::caution;
}

// Counts the checks as they end, and tells of all of them at the end, in groups: what needs somebody last, so that it
// is what a terminal still shows.
class Progress {
 public:
   Progress(Output& output, const GlobalOptions& options, bool strict)
       : output_(output),
         json_(options.json),
         verbose_(options.verbose),
         strict_(strict),
         live_(is_terminal(Stream::error)) {}

   void add(const CheckedIntegration& checked, std::size_t enabled) {
      counts_.add(checked);
      codes_[code_of(checked, strict_)]++;
      clear_line();
      json_ ? output_.document(documents_.next(checked.to_json()))
            : groups_[group_of(checked)].push_back(line(checked));
      if (live_ && counts_.ended() < enabled) {
         output_.note("Checked " + std::to_string(counts_.ended()) + " of " + std::to_string(enabled) + " ...");
      }
   }

   ExitCode finish(std::size_t enabled, bool cancelled) {
      clear_line();
      if (json_) {
         output_.document(documents_.end());
      } else {
         output_.result(groups() + summary(enabled, cancelled));
      }
      if (cancelled) return ExitCode::cancelled;
      const auto gravest = std::ranges::find_if(kGravity, [&](ExitCode code) { return codes_.contains(code); });
      return gravest == kGravity.end() ? ExitCode::accepted : *gravest;
   }

 private:
   void clear_line() {
      if (live_) output_.note("\r\033[K");
   }

   [[nodiscard]] std::string line(const CheckedIntegration& checked) const {
      const Style& style = output_.style();
      std::string text = one_line(checked.integration.name, 80) + ": " + state_words(checked);
      if (const std::string why = reason_of(checked); !why.empty()) text += ". " + one_line(why, 300);
      const Tone colour = tone(group_of(checked), !checked.integration.drift.empty());
      return wrapped(text, 4, style.width, "  " + style.painted_sign(colour) + " ");
   }

   [[nodiscard]] std::string groups() const {
      std::string text;
      for (const auto& [group, lines] : groups_) {
         const Style& style = output_.style();
         const std::string title = heading(group, lines.size(), style.sign(Tone::dim));
         text += (text.empty() ? "" : "\n") + style.paint(title, Tone::strong) + "\n";
         if (group == CheckGroup::in_order && !verbose_) continue;  // there may be a thousand
         for (const std::string& each : lines) text += each;
      }
      return text;
   }

   [[nodiscard]] std::string summary(std::size_t enabled, bool cancelled) const {
      const Style& style = output_.style();
      std::string text = wrapped(counts_.sentence(enabled, cancelled), 2, style.width);
      if (const std::string advice = counts_.advice(); !advice.empty()) text += wrapped(advice, 2, style.width);
      return (counts_.ended() == 0 ? "" : "\n") + text;
   }

   Output& output_;
   bool json_;
   bool verbose_;
   bool strict_;
   bool live_;
   CheckCounts counts_;
   host::JsonListStream documents_{"msp.checks/1", "checks"};  // there may be ten thousand
   std::map<CheckGroup, std::vector<std::string>> groups_;
   std::map<ExitCode, std::size_t> codes_;
};

}  // namespace

ExitCode check_all(Context& context, std::size_t parallel, bool strict) {
   const InterruptScope interrupt;
   Progress progress(context.output, context.options, strict);
   const CheckAllResult result = context.console.integrations().check_all(
       {.each = check_options(context, interrupt), .parallel = parallel},
       [&](const CheckedIntegration& checked, std::size_t enabled) { progress.add(checked, enabled); });
   tell_changed_plugins(context);
   const ExitCode code = progress.finish(result.enabled, interrupt.token().stop_requested());
   if (!result.problem) return code;
   context.output.note(
       wrapped(result.problem->summary + " " + result.problem->remedy, 2, context.output.note_style().width));
   return exit_code(*result.problem);
}

}  // namespace msp::console
