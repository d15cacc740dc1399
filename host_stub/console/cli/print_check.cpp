#include "print_check.hpp"

#include <algorithm>

#include "exit_code.hpp"
#include "terminal.hpp"

namespace msp::console {
namespace {

std::string headline(const CheckedIntegration& checked, CheckPurpose purpose) {
   const std::string name = "\"" + one_line(checked.integration.name) + "\"";
   const std::string ending = purpose == CheckPurpose::check     ? ""
                              : purpose == CheckPurpose::try_out ? " Nothing was to be saved."
                              : purpose == CheckPurpose::edit    ? " Nothing was changed."
                                                                 : " Nothing was saved.";
   switch (exit_code(checked)) {
      case ExitCode::accepted:
         switch (purpose) {
            case CheckPurpose::add:
               return "Accepted: " + name + " was saved.";
            case CheckPurpose::edit:
               return "Accepted: " + name + " was changed.";
            case CheckPurpose::try_out:
               return "Accepted: everything is as it should be. Nothing was saved.";
            case CheckPurpose::check:
               return "Accepted: " + name + " works.";
         }
         break;
      case ExitCode::settings_invalid:
         return "The settings cannot be right yet." + ending;
      case ExitCode::credentials_refused:
         return "Refused: the platform does not accept the credentials." + ending;
      case ExitCode::permissions_insufficient:
         return "Refused: the user's rights are not sufficient." + ending;
      case ExitCode::try_again:
         return "No answer from the platform; try again later." + ending;
      case ExitCode::already_used:
         return "Conflict: the name or the account does not fit." + ending;
      case ExitCode::no_such_thing:
         return (purpose == CheckPurpose::check || purpose == CheckPurpose::edit ? "There is no such integration here."
                                                                                 : "There is no such platform here.") +
                ending;
      case ExitCode::plugin_unusable:
         return "The platform's plugin cannot be used." + ending;
      case ExitCode::store_unreadable:
         if (checked.report.outcome == host::Outcome::conflict) {
            return "Changed by somebody else meanwhile." + ending;
         }
         return "The saved secrets cannot be used." + ending;
      case ExitCode::timed_out:
         return "Timed out: the check took longer than it may." + ending;
      case ExitCode::cancelled:
         return "Cancelled." + ending;
      default:
         break;
   }
   return "The check could not be completed." + ending;
}

Tone tone(host::StepStatus status) {
   switch (status) {
      case host::StepStatus::passed:
         return Tone::good;
      case host::StepStatus::warning:
         return Tone::caution;
      case host::StepStatus::failed:
         return Tone::bad;
      case host::StepStatus::skipped:
         return Tone::dim;
   }
   return Tone::plain;
}

std::string steps(const host::CheckReport& report, const Style& style) {
   std::vector<std::vector<Cell>> rows;
   for (const host::Step& step : report.steps) {
      const bool ran = step.status != host::StepStatus::skipped;
      rows.push_back({{style.sign(tone(step.status)), tone(step.status)},
                      {step_title(step.name)},
                      {std::string(host::name(step.status)), tone(step.status)},
                      {ran ? std::to_string(step.elapsed.count()) + " ms" : "", Tone::dim}});
   }
   return table(rows, 2, style);
}

std::string identity(const host::Identity& identity, const Style& style) {
   std::vector<std::vector<Cell>> rows;
   const auto row = [&](const char* name, const std::string& value) {
      if (!value.empty()) rows.push_back({{name, Tone::dim}, {one_line(value)}});
   };
   row("Account", identity.label.empty() || identity.label == identity.account
                      ? identity.account
                      : identity.label + " (" + identity.account + ")");
   row("Signed in as", identity.principal);
   row("Address", identity.endpoint);
   return table(rows, 2, style);
}

// How a right is told, and where it stands: what is missing comes first.
struct Right {
   int rank;
   Tone tone;
   std::string word;
};

Right judge(const host::Grant& grant, const host::Permission* permission) {
   const bool required = !permission || permission->need == host::Need::required;
   switch (grant.granted) {
      case host::Granted::none:
         return required ? Right{0, Tone::bad, "missing"} : Right{3, Tone::dim, "not granted"};
      case host::Granted::unknown:
         return required ? Right{1, Tone::caution, "not verified"} : Right{3, Tone::dim, "not verified"};
      case host::Granted::restricted:
         return {2, Tone::caution, "restricted"};
      case host::Granted::all:
         return {4, Tone::good, "granted"};
   }
   return {1, Tone::caution, "not verified"};
}

std::string permissions(const CheckedIntegration& checked, const Style& style) {
   struct Line {
      Right right;
      const host::Permission* permission;
      std::string id;
   };
   std::vector<Line> lines;
   for (const host::Grant& grant : checked.report.grants) {
      const host::Permission* permission = checked.manifest.permission(grant.permission_id);
      lines.push_back({judge(grant, permission), permission, grant.permission_id});
   }
   if (lines.empty()) return {};
   std::ranges::stable_sort(lines, {}, [](const Line& line) { return line.right.rank; });

   std::string text = "\n" + style.paint("Permissions", Tone::strong);
   if (checked.report.verdict) text += ": " + std::string(host::name(*checked.report.verdict));
   text += "\n";
   std::vector<std::vector<Cell>> rows;
   for (const Line& line : lines) {
      rows.push_back({{style.sign(line.right.tone), line.right.tone},
                      {line.right.word, line.right.tone},
                      {one_line(line.id, 60)},
                      {line.permission ? std::string(host::name(line.permission->need)) : "", Tone::dim},
                      {line.permission ? one_line(line.permission->used_for) : ""}});
   }
   text += table(rows, 2, style);
   for (const Line& line : lines) {
      if (line.right.rank > 0 || !line.permission || line.permission->remedy.empty()) continue;
      // A finding that says the same is printed below.
      const std::string& remedy = line.permission->remedy;
      if (std::ranges::find(checked.report.findings, remedy, &host::Finding::remedy) != checked.report.findings.end())
         continue;
      text += wrapped("To grant " + one_line(line.id, 60) + ": " + one_line(remedy, 1000), 4, style.width,
                      "  " + style.painted_sign(line.right.tone) + " ");
   }
   return text;
}

std::string findings(const CheckedIntegration& checked, const Style& style) {
   std::string text;
   for (const host::Finding& finding : checked.report.findings) {
      const bool error = finding.severity == host::Severity::error;
      const bool warning = finding.severity == host::Severity::warning;
      const Tone colour = error ? Tone::bad : warning ? Tone::caution : Tone::dim;
      const std::string word = error ? "Error: " : warning ? "Warning: " : "Note: ";
      text += "\n" + wrapped(word + finding.summary, 2, style.width, style.painted_sign(colour) + " ");
      if (!finding.remedy.empty()) text += wrapped("What to do: " + finding.remedy, 2, style.width);
      if (finding.retry_after_s) {
         text += "  Try again in " + std::to_string(*finding.retry_after_s) + " seconds.\n";
      }
      if (!finding.doc_url.empty()) text += "  More: " + one_line(finding.doc_url) + "\n";
      text += "  " + style.paint("(" + one_line(finding.code, 80) + ")", Tone::dim) + "\n";
   }
   return text;
}

}  // namespace

std::string step_title(const std::string& step) {
   std::string title = step;
   std::ranges::replace(title, '_', ' ');
   if (!title.empty() && title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 'a' + 'A');
   return title;
}

std::string print_check(const CheckedIntegration& checked, CheckPurpose purpose, const Style& style) {
   const bool accepted = checked.report.outcome == host::Outcome::accepted;
   const Tone colour = accepted ? Tone::good : Tone::bad;
   std::string text = style.paint(style.sign(colour) + " " + headline(checked, purpose), colour);
   text += "\n\n" + steps(checked.report, style);
   if (checked.report.identity) text += "\n" + identity(*checked.report.identity, style);
   text += permissions(checked, style);
   text += findings(checked, style);
   return text;
}

std::function<void(const host::CheckEvent&)> live_progress(Output& output) {
   if (!is_terminal(Stream::error)) return {};
   return [&output](const host::CheckEvent& event) {
      const Style& style = output.note_style();
      // Back to the line's start, and what stood there is gone.
      std::string text = "\r\033[K";
      if (event.kind != host::CheckEvent::Kind::step_ended) {
         std::string line = step_title(event.step) + " ...";
         if (!event.sentence.empty()) line += " " + event.sentence;
         text += one_line(line, style.width - 1);
      }
      output.note(text);
   };
}

}  // namespace msp::console
