#include "cli/print_check.hpp"

#include <algorithm>

#include "cli/hint.hpp"
#include "cli/terminal.hpp"
#include "core/drift.hpp"

namespace msp::console {
namespace {

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

constexpr int kWorthKnowing = 2;  // the first rank of what nobody has to mend

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

// " (Password)" for a finding about a field, unless its sentence names the field anyway.
std::string field_of(const host::Finding& finding, const host::Manifest& manifest) {
   const host::Field* field = finding.field.empty() ? nullptr : manifest.field(finding.field);
   if (!field || finding.summary.find(field->label) != std::string::npos) return {};
   return " (" + one_line(field->label, 80) + ")";
}

// How a missing right is granted stands beside that right.
bool stands_above(const host::Finding& finding, const CheckedIntegration& checked) {
   return std::ranges::any_of(checked.report.grants, [&](const host::Grant& grant) {
      const host::Permission* permission = checked.manifest.permission(grant.permission_id);
      return permission && permission->remedy == finding.remedy && judge(grant, permission).rank < kWorthKnowing;
   });
}

std::string findings(const CheckedIntegration& checked, const Style& style) {
   std::string text;
   for (const host::Finding& finding : checked.report.findings) {
      const bool error = finding.severity == host::Severity::error;
      const bool warning = finding.severity == host::Severity::warning;
      const Tone colour = error ? Tone::bad : warning ? Tone::caution : Tone::dim;
      const std::string word = error ? "Error" : warning ? "Warning" : "Note";
      text += "\n" + wrapped(word + field_of(finding, checked.manifest) + ": " + finding.summary, 2, style.width,
                             style.painted_sign(colour) + " ");
      if (!finding.remedy.empty() && !stands_above(finding, checked))
         text += wrapped("What to do: " + finding.remedy, 2, style.width);
      const std::string command = command_for(finding.code, checked.report.platform);
      if (!command.empty()) text += "  Command: " + command + "\n";
      if (const std::string option = option_for(finding); !option.empty()) text += "  Option: " + option + "\n";
      if (finding.retry_after_s) {
         text += "  Try again in " + waiting_time(*finding.retry_after_s) + ".\n";
      }
      if (!finding.doc_url.empty()) text += "  More: " + one_line(finding.doc_url) + "\n";
      text += "  " + style.paint("(" + one_line(finding.code, 80) + ")", Tone::dim) + "\n";
   }
   return text;
}

std::string requests(const std::vector<host::TracedRequest>& sent, const Style& style) {
   std::string text = "\n" + style.paint("Requests", Tone::strong) + (sent.empty() ? ": none was sent\n" : "\n");
   std::vector<std::vector<Cell>> rows;
   for (const host::TracedRequest& one : sent) {
      const host::SentRequest& request = one.sent;
      const std::string ended = request.status == 0 ? one_line(request.problem, 40) : std::to_string(request.status);
      const bool good = request.status >= 200 && request.status < 400;
      rows.push_back({{one_line(request.method, 20)},
                      {ended, good ? Tone::plain : Tone::bad},
                      {std::to_string(request.elapsed.count()) + " ms", Tone::dim},
                      {one_line(request.host + request.path, 1300)}});
   }
   return text + table(rows, 2, style);
}

}  // namespace

std::string print_permissions(const CheckedIntegration& checked, Detail detail, const Style& style) {
   struct Line {
      Right right;
      const host::Grant* grant;
      const host::Permission* permission;
      std::string name;
   };
   std::vector<Line> lines;
   for (const host::Grant& grant : checked.report.grants) {
      const host::Permission* permission = checked.manifest.permission(grant.permission_id);
      lines.push_back({judge(grant, permission), &grant, permission,
                       permission ? permission_name(*permission, style) : one_line(grant.permission_id, 60)});
   }
   if (lines.empty()) return {};
   std::ranges::stable_sort(lines, {}, [](const Line& line) { return line.right.rank; });

   std::string text = "\n" + style.paint("Permissions", Tone::strong);
   if (checked.report.verdict) text += ": " + std::string(host::name(*checked.report.verdict));
   text += "\n";
   std::size_t granted = 0;
   for (const Line& line : lines) {
      if (line.right.tone == Tone::good && detail == Detail::brief) {
         ++granted;
         continue;
      }
      text += "  " + style.painted_sign(line.right.tone) + " " + style.paint(line.right.word, line.right.tone) + ": " +
              line.name;
      if (line.permission) text += style.paint(" (" + std::string(host::name(line.permission->need)) + ")", Tone::dim);
      text += "\n";
      const auto about = [&](const char* title, const std::string& sentence) {
         if (!sentence.empty()) text += wrapped(title + one_line(sentence, 1000), 6, style.width, "    ");
      };
      if (line.permission) about("Used for: ", line.permission->used_for);
      if (line.right.tone == Tone::good) continue;
      // What somebody has to mend says at once how; what is only worth knowing says so when asked.
      if (line.permission && (line.right.rank < kWorthKnowing || detail == Detail::full))
         about("To grant it: ", line.permission->remedy);
      about("Seen: ", line.grant->evidence);
   }
   if (granted == 0) return text;
   const bool others = granted < lines.size();
   return text + "  " + style.painted_sign(Tone::good) + " " + std::to_string(granted) +
          (!others        ? ""
           : granted == 1 ? " other"
                          : " others") +
          " granted" + style.paint(" (--verbose lists them)", Tone::dim) + "\n";
}

std::string permission_name(const host::Permission& permission, const Style& style) {
   return one_line(permission.entity, 60) + " " + style.sign(Tone::dim) + " " + one_line(permission.operation, 30);
}

std::string step_title(const std::string& step) {
   std::string title = step;
   std::ranges::replace(title, '_', ' ');
   if (!title.empty() && title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 'a' + 'A');
   return title;
}

std::string print_check(const CheckedIntegration& checked, Purpose purpose, Detail detail, const Style& style) {
   const bool accepted = checked.report.outcome == host::Outcome::accepted;
   const Tone colour = !accepted ? Tone::bad : host::remarks(checked.report).none() ? Tone::good : Tone::caution;
   const CheckWords words = words_for(checked, purpose);
   std::string text =
       wrapped(words.headline + ". " + words.consequence, 2, style.width, style.painted_sign(colour) + " ");
   if (!checked.integration.name.empty())
      text += "  " + style.paint(one_line(checked.integration.name), Tone::dim) + "\n";
   text += "\n" + steps(checked.report, style);
   if (checked.report.identity) text += "\n" + identity(*checked.report.identity, style);
   text += print_permissions(checked, detail, style);
   text += print_drift(checked.integration.drift, &checked.manifest, style);
   text += findings(checked, style);
   if (checked.report.requests) text += requests(*checked.report.requests, style);
   return text;
}

std::string print_drift(const std::vector<host::Drift>& drift, const host::Manifest* manifest, const Style& style) {
   if (drift.empty()) return {};
   const auto word = [](host::Granted granted) {
      return granted == host::Granted::all          ? "granted"
             : granted == host::Granted::none       ? "not granted"
             : granted == host::Granted::restricted ? "restricted"
                                                    : "not verified";
   };
   std::vector<std::vector<Cell>> rows;
   for (const host::Drift& one : drift) {
      const host::Permission* permission = manifest ? manifest->permission(one.permission_id) : nullptr;
      const Tone colour = is_less(one) ? Tone::bad : Tone::good;
      rows.push_back(
          {{is_less(one) ? "-" : "+", colour},
           {permission ? permission_name(*permission, style) : one_line(one.permission_id, 60)},
           {std::string(one.at_saving ? word(*one.at_saving) : "not asked") + ", now " + word(one.now), colour}});
   }
   return "\n" + style.paint("Changed since it was saved", Tone::strong) + "\n" + table(rows, 2, style);
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
