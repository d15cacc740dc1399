#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <sstream>

#include "cli/context.hpp"
#include "cli/integration_checks.hpp"
#include "cli/integration_request.hpp"
#include "cli/list_table.hpp"
#include "cli/print_check.hpp"
#include "cli/terminal.hpp"
#include "core/drift.hpp"
#include "store/finding_error.hpp"
#include "words/check_words.hpp"
#include "words/documents.hpp"

namespace msp::console {
namespace {

Tone tone(const IntegrationView& view) {
   switch (view.state) {
      case IntegrationState::active:
         return remarks(view).none() ? Tone::good : Tone::caution;
      case IntegrationState::disabled:
         return Tone::dim;
      case IntegrationState::temporary_trouble:
         return Tone::caution;
      default:
         return Tone::bad;
   }
}

// Beside the table: what stands in it was found before.
std::string not_checked(const std::vector<IntegrationView>& integrations, const Style& style) {
   std::string text;
   for (const IntegrationView& view : integrations) {
      const std::string sentence = not_checked_sentence(view);
      if (sentence.empty() || view.state == IntegrationState::disabled) continue;
      text += wrapped(one_line(view.record.name, 80) + ": " + one_line(sentence, 300), 2, style.width,
                      style.painted_sign(Tone::caution) + " ");
   }
   return text.empty() ? "" : "\n" + text;
}

ExitCode list(Context& context) {
   const std::vector<IntegrationView> integrations = context.console.integrations().list();
   if (context.options.json) {
      context.output.document(integrations_document(integrations));
      return ExitCode::accepted;
   }
   const Style& style = context.output.style();
   if (integrations.empty()) {
      context.output.result(wrapped(
          "There are no integrations yet. Add one with: msp-console integration add --platform ID", 0, style.width));
      return ExitCode::accepted;
   }
   const std::int64_t now = system_clock()();
   std::vector<std::vector<Cell>> rows;
   for (const IntegrationView& view : integrations) {
      const IntegrationRecord& record = view.record;
      rows.push_back({{style.sign(tone(view)), tone(view)},
                      {one_line(record.name, 200)},
                      {one_line(record.platform, 40)},
                      {state_words(view), tone(view)},
                      {record.last_check ? age(now - record.last_check->at) : "never"},
                      {one_line(record.identity.label.empty() ? record.identity.account : record.identity.label, 60)},
                      {one_line(record.identity.principal, 60)}});
   }
   const std::vector<ListColumn> columns{{" "},          {"NAME", 0, 25},    {"PLATFORM", 2},        {"STATE", 0, 22},
                                         {"CHECKED", 1}, {"ACCOUNT", 3, 16}, {"SIGNED IN AS", 4, 16}};
   context.output.result(list_table(columns, rows, context.options.wide, style) + not_checked(integrations, style));
   return ExitCode::accepted;
}

// "perm.restricted x 14" for one that is there fourteen times.
std::string counted(const std::string& codes) {
   std::vector<std::pair<std::string, int>> counts;
   std::istringstream words(codes);
   for (std::string code; words >> code;) {
      const auto known = std::ranges::find(counts, code, &std::pair<std::string, int>::first);
      known == counts.end() ? void(counts.emplace_back(code, 1)) : void(++known->second);
   }
   std::string text;
   for (const auto& [code, count] : counts) {
      text += (text.empty() ? "" : " ") + code + (count > 1 ? " x " + std::to_string(count) : "");
   }
   return text;
}

Tone history_tone(const CheckRecord& check) {
   if (!check.made) return Tone::caution;
   if (check.outcome != "accepted") return Tone::bad;
   return check.remarks.none() ? Tone::good : Tone::caution;
}

// As the newest check that learned them found them.
std::string last_permissions(const IntegrationDetails& details, const host::Manifest* manifest, Detail detail,
                             const Style& style) {
   const auto last =
       std::ranges::find_if(details.checks, [](const CheckRecord& check) { return !check.rights.empty(); });
   if (manifest == nullptr || last == details.checks.end()) return {};
   const Grants known = grants(last->rights);
   CheckedIntegration checked;
   checked.manifest = *manifest;
   for (const host::Permission& permission : manifest->permissions) {
      const auto grant = known.find(permission.id);
      if (grant != known.end()) checked.report.grants.push_back({permission.id, grant->second, {}, {}});
   }
   return print_permissions(checked, detail, style);
}

// A choice is shown as the form does.
std::string shown(const host::Manifest* manifest, const std::string& id, const std::string& value) {
   const host::Field* field = manifest ? manifest->field(id) : nullptr;
   if (field == nullptr) return value;
   const auto choice = std::ranges::find(field->choices, value, &host::Choice::value);
   return choice == field->choices.end() ? value : choice->label;
}

std::string description(const IntegrationDetails& details, const host::Manifest* manifest, Detail detail,
                        const Style& style) {
   const IntegrationView& view = details.view;
   const IntegrationRecord& record = view.record;
   const auto label = [&](const std::string& id) {
      const host::Field* field = manifest ? manifest->field(id) : nullptr;
      return one_line(field ? field->label : id, 80);
   };
   std::string text = style.paint(one_line(record.name), Tone::strong) + "\n";
   std::vector<std::vector<Cell>> rows;
   const auto row = [&](const std::string& name, const std::string& value, Tone colour = Tone::plain) {
      if (!value.empty()) rows.push_back({{name, Tone::dim}, {one_line(value), colour}});
   };
   row("Platform", manifest ? manifest->name : record.platform);
   row("State", style.sign(tone(view)) + " " + state_words(view), tone(view));
   row("Account", record.identity.label.empty() || record.identity.label == record.identity.account
                      ? record.identity.account
                      : record.identity.label + " (" + record.identity.account + ")");
   row("Signed in as", record.identity.principal);
   row("Address", record.identity.endpoint);
   for (const auto& [field, value] : record.values) {
      const bool unproven = std::ranges::find(details.unproven, field) != details.unproven.end();
      row(label(field),
          shown(manifest, field, value.value) + (value.from_preset ? " (preset)" : "") +
              (unproven ? " (no saved secret proves that only the console wrote it)" : ""),
          unproven ? Tone::caution : Tone::plain);
   }
   for (const auto& [field, secret] : record.secrets) {
      row(label(field), "set " + iso_time(secret.set_at) + (secret.from_preset ? " (preset)" : ""));
   }
   text += table(rows, 2, style);
   if (!view.reason.empty()) {
      text += "\n" + wrapped(one_line(view.reason, 1000), 2, style.width, style.painted_sign(tone(view)) + " ");
      text += wrapped("What to do: " + one_line(view.remedy, 1000), 2, style.width);
   }
   if (const std::string sentence = not_checked_sentence(view); !sentence.empty())
      text += "\n" + wrapped(one_line(sentence, 1000), 2, style.width, style.painted_sign(Tone::caution) + " ");
   text += last_permissions(details, manifest, detail, style);
   text += print_drift(details.drift, manifest, style);
   if (details.checks.empty()) return text;
   text += "\nChecks:\n";
   std::vector<std::vector<Cell>> history;
   for (const CheckRecord& check : details.checks) {
      history.push_back(
          {{iso_time(check.at)},
           {words(check.outcome), history_tone(check)},
           {words(check.purpose), Tone::dim},
           {one_line(check.principal, 60), Tone::dim},
           {check.plugin_version.empty() ? "" : "plugin " + one_line(check.plugin_version, 30), Tone::dim},
           {check.plugin_sha256.substr(0, 12), Tone::dim},
           {check.isolation == host::Isolation::process ? "" : "in-process", Tone::dim},
           {one_line(counted(check.codes), 200), Tone::dim}});
   }
   return text + table(history, 2, style);
}

ExitCode show(Context& context, const std::string& name) {
   const IntegrationView view = find_integration(context, name);
   const IntegrationDetails details = context.console.integrations().details(view);
   if (context.options.json) {
      context.output.document(integration_document(details));
      return ExitCode::accepted;
   }
   const auto plugin = context.console.plugins().find(view.record.platform);
   const bool known = plugin && plugin.value().entry.manifest;
   const host::Manifest shown =
       known ? host::in_language(*plugin.value().entry.manifest, languages(context.options)) : host::Manifest{};
   const host::Manifest* manifest = known ? &shown : nullptr;
   context.output.result(
       description(details, manifest, context.options.verbose ? Detail::full : Detail::brief, context.output.style()));
   return ExitCode::accepted;
}

ExitCode set_enabled(Context& context, const std::string& name, bool enabled) {
   const IntegrationRecord record = find_integration(context, name).record;
   if (!context.console.integrations().set_enabled(record.id, enabled)) throw no_integration(name);
   const IntegrationView view = find_integration(context, name);
   if (context.options.json) {
      context.output.document(integration_document(context.console.integrations().details(view)));
      return ExitCode::accepted;
   }
   const Style& style = context.output.style();
   std::string text = style.paint(style.sign(Tone::good) + (enabled ? " Enabled: " : " Disabled: "), Tone::good) +
                      one_line(record.name) + "\n";
   if (!enabled) {
      text += wrapped("Paused: not used, and not checked with the others, until you enable it.", 2, style.width);
   } else if (view.state != IntegrationState::active) {
      text += wrapped(one_line(view.reason, 1000), 2, style.width, style.painted_sign(tone(view)) + " ");
      text += wrapped("What to do: " + one_line(view.remedy, 1000), 2, style.width);
   }
   context.output.result(text);
   return ExitCode::accepted;
}

ExitCode enable(Context& context, const std::string& name) { return set_enabled(context, name, true); }
ExitCode disable(Context& context, const std::string& name) { return set_enabled(context, name, false); }

ExitCode remove(Context& context, const std::string& name) {
   const IntegrationRecord record = find_integration(context, name).record;
   if (!context.confirm("Remove \"" + one_line(record.name) + "\" with its saved credentials and its history?")) {
      throw FindingError({"host.cancelled", "The integration was not removed.", ""});
   }
   const InterruptScope interrupt;
   const SignedOut signed_out = context.console.integrations().sign_out(record.id, check_options(context, interrupt));
   if (!context.console.integrations().remove(record.id)) throw no_integration(name);
   if (context.options.json) {
      context.output.document(removed_document(record, signed_out));
      return ExitCode::accepted;
   }
   const Style& style = context.output.style();
   context.output.result(style.paint(style.sign(Tone::good) + " Removed: ", Tone::good) + one_line(record.name) + "\n" +
                         wrapped(one_line(what_remains(record, signed_out), 2000), 2, style.width));
   return ExitCode::accepted;
}

}  // namespace

FindingError no_integration(const std::string& name) {
   return FindingError({"integration.missing", "There is no integration named \"" + one_line(name) + "\".",
                        "Look at the list of integrations for its name."});
}

IntegrationView find_integration(Context& context, const std::string& name) {
   auto found = context.console.integrations().find(name);
   if (!found) throw no_integration(name);
   return std::move(*found);
}

void add_integration_commands(CLI::App& app, Command& chosen) {
   CLI::App* integration = app.add_subcommand("integration", "Connections to the platforms");
   integration->require_subcommand(1);
   integration->fallthrough();
   add_integration_checks(*integration, chosen);
   add_integration_request(*integration, chosen);

   integration->add_subcommand("list", "All integrations with their state")->fallthrough()->callback([&chosen] {
      chosen = list;
   });
   const auto add = [&](const char* name, const char* text, ExitCode (*command)(Context&, const std::string&)) {
      const auto which = std::make_shared<std::string>();
      CLI::App* one = integration->add_subcommand(name, text)->fallthrough();
      one->add_option("NAME", *which, "The integration, as in `integration list`")->required();
      one->callback([&chosen, which, command] {
         chosen = [which, command](Context& context) { return command(context, *which); };
      });
   };
   add("show", "Settings, state and history of one integration", show);
   add("enable", "Use an integration again", enable);
   add("disable", "Keep an integration, but do not use it", disable);
   add("remove", "Forget an integration, and end its sign-in where the plugin can", remove);
}

}  // namespace msp::console
