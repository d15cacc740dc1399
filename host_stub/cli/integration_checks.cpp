#include "cli/integration_checks.hpp"

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>

#include "cli/changed_plugins.hpp"
#include "cli/integration_check_all.hpp"
#include "cli/print_check.hpp"
#include "cli/questions.hpp"
#include "cli/terminal.hpp"
#include "cli/terminal_browser.hpp"
#include "cli/usage_error.hpp"
#include "cli/usage_words.hpp"
#include "core/settings_merge.hpp"
#include "store/names.hpp"

namespace msp::console {
namespace {

// What add and edit are given, as it stands on the command line.
struct FieldArguments {
   std::vector<std::string> values;   // FIELD=VALUE
   std::vector<std::string> secrets;  // FIELD=SOURCE
};

void add_field_options(CLI::App& command, FieldArguments& arguments) {
   command.add_option("--set", arguments.values, "Value of a field (repeatable)")
       ->allow_extra_args(false)
       ->type_name("FIELD=VALUE");
   command
       .add_option("--secret", arguments.secrets,
                   "Where a secret comes from: @stdin, @file:PATH, @env:NAME or @prompt (repeatable)")
       ->allow_extra_args(false)
       ->type_name("FIELD=SOURCE");
}

void add_trace_flag(CLI::App& command, bool& trace) {
   command.add_flag("--trace", trace, "Tell each request that was sent, without headers, query and body");
}

// Literal secrets are refused before anything else happens, whatever else is wrong.
std::vector<SecretArgument> parse_secrets(const FieldArguments& arguments) {
   std::vector<SecretArgument> secrets;
   for (const std::string& argument : arguments.secrets) secrets.push_back(parse_secret_argument("--secret", argument));
   return secrets;
}

UsageError given_twice(const std::string& option, const std::string& field) {
   return {"The field \"" + one_line(field, 100) + "\" is given twice with " + option + ".", "Give it once."};
}

host::Settings read_settings(Context& context, const FieldArguments& arguments, const host::Manifest& manifest) {
   host::Settings settings;
   const std::vector<SecretArgument> sources = parse_secrets(arguments);
   for (const std::string& argument : arguments.values) {
      const std::size_t equals = argument.find('=');
      if (equals == std::string::npos || equals == 0) {
         throw UsageError("--set needs a field and a value.", "Write --set FIELD=VALUE.");
      }
      const std::string id = argument.substr(0, equals);
      const host::Field* field = manifest.field(id);
      if (field && field->kind == host::FieldKind::secret) refuse_literal("--set", id);
      if (settings.values.contains(id)) throw given_twice("--set", id);
      settings.values[id] = argument.substr(equals + 1);
   }
   for (const SecretArgument& source : sources) {
      const host::Field* field = manifest.field(source.field);
      if (settings.secrets.contains(source.field)) throw given_twice("--secret", source.field);
      settings.secrets[source.field] = context.keep(context.secrets.read(
          source.source, field ? one_line(field->label) : one_line(source.field),
          "--secret " + one_line(source.field) + "=SOURCE", field && field->multiline ? Typed::lines : Typed::line));
   }
   return settings;
}

std::string field_option(const host::Manifest& manifest, const host::Field& field) {
   const bool secret = field.kind == host::FieldKind::secret;
   std::string option = secret ? "--secret " + field.id + "=SOURCE" : "--set " + field.id + "=VALUE";
   if (field.preset) option += " or --preset " + manifest.id + "." + field.id + "=SOURCE";
   return option;
}

std::string ask_value(const host::Field& field) {
   if (field.choices.empty()) return ask_text(field.label, field.help, "");
   std::vector<Answer> answers;
   for (const host::Choice& choice : field.choices) answers.push_back({choice.value, choice.label, choice.help});
   return ask_choice(field.label, answers, field.default_value);
}

// A choice decides which other fields there are, so somebody at the terminal is asked even where it has a default.
void ask_for_choices(Context& context, const host::Manifest& manifest, host::Settings& settings) {
   if (!context.secrets.may_prompt()) return;
   for (const host::Field& field : manifest.fields) {
      if (field.choices.empty() || !field.visible_when.empty() || settings.values.contains(field.id)) continue;
      settings.values[field.id] = ask_value(field);
   }
}

// The first that is free: "Integration with Autotask 2".
std::string free_name(Context& context, const host::Manifest& manifest) {
   const std::string first = default_name(manifest.name);
   std::string name = first;
   for (int number = 2; context.console.integrations().find(name); ++number)
      name = first + " " + std::to_string(number);
   return name;
}

// The only platform in use, or the one that is chosen at the terminal.
std::string ask_for_platform(Context& context) {
   const auto missing = [] {
      return UsageError("--platform is missing (the plugin, as in `plugin list`).",
                        "See msp-console integration add --help.");
   };
   if (!context.secrets.may_prompt()) throw missing();
   std::vector<Answer> answers;
   for (const PluginView& plugin : context.console.plugins().list()) {
      const auto& manifest = plugin.entry.serving_manifest;
      if (manifest) answers.push_back({manifest->id, manifest->name, {}});
   }
   if (answers.empty()) throw UsageError("No plugin is enabled.", "See msp-console plugin list, then enable one.");
   return ask_choice("Platform", answers, answers.size() == 1 ? answers.front().value : "");
}

// Says what has to be given as an option, because there is nobody to ask.
UsageError nobody_to_ask(const host::Manifest& manifest, const std::vector<host::Field>& missing,
                         const MergedSettings& preview) {
   const host::Field& first = missing.front();
   if (!preview.to_type_again.contains(first.id)) {
      const bool source = first.kind == host::FieldKind::secret || first.preset;
      return {"\"" + one_line(first.label) + "\" is needed, and there is nobody to ask.",
              "Give it with " + field_option(manifest, first) +
                  (source ? ", where SOURCE is @stdin, @file:PATH or @env:NAME." : ".")};
   }
   std::string labels;
   std::string options;
   for (const host::Field& field : missing) {
      if (!preview.to_type_again.contains(field.id)) continue;
      labels += (labels.empty() ? "\"" : ", \"") + one_line(field.label) + "\"";
      options += (options.empty() ? "" : " and ") + field_option(manifest, field);
   }
   return {"The edit changes which account is used, so these must be given again: " + labels + ".",
           "Give " + options +
               ", where SOURCE is @stdin, @file:PATH or @env:NAME; a saved secret is never sent to another account or "
               "address."};
}

// Asks at the terminal for what is required and missing. One at a time, because an answer can make other fields
// visible.
void ask_for_missing(Context& context, const host::Manifest& manifest, const IntegrationRecord* saved,
                     host::Settings& settings) {
   for (;;) {
      const MergedSettings preview = preview_settings(manifest, context.console.presets(), saved, settings);
      const auto findings = host::check_settings(manifest, preview.settings.copy()).findings;
      // What is there and wrong comes first: the form check will say so, and asking for more would be in vain.
      if (std::ranges::any_of(findings, [](const auto& finding) { return finding.code != "input.required"; })) return;
      const auto missing = missing_fields(manifest, context.console.presets(), saved, settings);
      if (missing.empty()) return;
      const host::Field& field = missing.front();
      const std::string option = field_option(manifest, field);
      if (!context.secrets.may_prompt()) throw nobody_to_ask(manifest, missing, preview);
      if (field.kind == host::FieldKind::secret) {
         settings.secrets[field.id] = context.keep(
             context.secrets.prompt(one_line(field.label), option, field.multiline ? Typed::lines : Typed::line));
         // An empty answer is left to the form check to complain about.
         if (settings.secrets[field.id].empty()) return;
      } else {
         settings.values[field.id] = ask_value(field);
      }
   }
}

// The form of a platform, or an empty one: then the check itself says what is wrong with its plugin.
host::Manifest form_of(Context& context, const std::string& platform) {
   const auto found = context.console.plugins().find(platform);
   if (!found || !found.value().entry.serving_manifest) return {};
   return host::in_language(*found.value().entry.serving_manifest, languages(context.options));
}

ExitCode report(Context& context, const CheckedIntegration& checked, Purpose purpose) {
   if (context.options.json) {
      context.output.document(checked.to_json());
   } else {
      context.output.result(print_check(checked, purpose, context.options.verbose ? Detail::full : Detail::brief,
                                        context.output.style()));
   }
   if (!checked.manifest.id.empty()) tell_changed_plugins(context, checked.manifest.id);
   return exit_code(checked);
}

// The same for a check in which somebody may have to sign in.
host::CheckOptions person_options(Context& context, const InterruptScope& interrupt) {
   host::CheckOptions options = check_options(context, interrupt);
   options.browser = terminal_browser(context);
   return options;
}

ExitCode sign_in(Context& context, const std::string& which) {
   const IntegrationRecord saved = find_integration(context, which).record;
   const InterruptScope interrupt;
   const host::CheckOptions options = person_options(context, interrupt);
   const host::Manifest manifest = form_of(context, saved.platform);
   if (!options.browser)
      throw UsageError(manifest.signs_in_with_browser() ? host::nobody_to_sign_in(manifest).summary
                                                        : "There is nobody at the terminal to sign in.",
                       "Run the command in a terminal and without --no-input, or sign in on the page.");
   return report(context, context.console.integrations().sign_in(saved.id, options), Purpose::sign_in);
}

struct AddArguments {
   std::string platform;
   std::vector<std::string> name;  // at most one; a blank one is not the same as none
   FieldArguments fields;
   bool no_save = false;
   bool trace = false;
};

ExitCode add(Context& context, const AddArguments& arguments) {
   parse_secrets(arguments.fields);
   NewIntegration draft;
   draft.platform = arguments.platform.empty() ? ask_for_platform(context) : arguments.platform;
   const host::Manifest manifest = form_of(context, draft.platform);
   if (!arguments.name.empty()) draft.name = arguments.name.back();
   // No settings are asked for where the check can only say that nobody is there to sign in.
   const bool in_vain = manifest.signs_in_with_browser() && !context.secrets.may_prompt();
   if (!manifest.id.empty() && !in_vain) {
      draft.settings = read_settings(context, arguments.fields, manifest);
      if (!draft.name && !arguments.no_save && context.secrets.may_prompt())
         draft.name = ask_text("Integration name", "", free_name(context, manifest));
      ask_for_choices(context, manifest, draft.settings);
      ask_for_missing(context, manifest, nullptr, draft.settings);
   }
   const InterruptScope interrupt;
   host::CheckOptions options = person_options(context, interrupt);
   options.trace = arguments.trace;
   const CheckedIntegration checked = context.console.integrations().add(std::move(draft), options, !arguments.no_save);
   return report(context, checked, arguments.no_save ? Purpose::try_out : Purpose::add);
}

struct CheckArguments {
   std::string which;
   bool all = false;
   bool strict = false;
   bool trace = false;
   std::size_t parallel = 8;
};

ExitCode check(Context& context, const CheckArguments& arguments) {
   if (arguments.all) return check_all(context, arguments.parallel, arguments.strict);
   if (arguments.which.empty()) {
      throw UsageError("It is not said which integration to check.", "Give its name, or --all.");
   }
   const std::int64_t id = find_integration(context, arguments.which).record.id;
   const InterruptScope interrupt;
   host::CheckOptions options = check_options(context, interrupt);
   options.trace = arguments.trace;
   const CheckedIntegration checked = context.console.integrations().check(id, options);
   const ExitCode code = report(context, checked, Purpose::check);
   return arguments.strict ? strict_exit_code(checked) : code;
}

struct EditArguments {
   std::string which;
   std::vector<std::string> name;
   FieldArguments fields;
   bool trace = false;
};

ExitCode edit(Context& context, const EditArguments& arguments) {
   parse_secrets(arguments.fields);
   const IntegrationRecord saved = find_integration(context, arguments.which).record;
   const host::Manifest manifest = form_of(context, saved.platform);
   Edit edit;
   if (!arguments.name.empty()) edit.name = arguments.name.back();
   if (!manifest.id.empty()) {
      edit.settings = read_settings(context, arguments.fields, manifest);
      ask_for_missing(context, manifest, &saved, edit.settings);
   }
   const InterruptScope interrupt;
   host::CheckOptions options = person_options(context, interrupt);
   options.trace = arguments.trace;
   const CheckedIntegration checked = context.console.integrations().edit(saved.id, std::move(edit), options);
   return report(context, checked, Purpose::edit);
}

}  // namespace

host::CheckOptions check_options(Context& context, const InterruptScope& interrupt) {
   const auto milliseconds = [](double seconds) {
      return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
   };
   host::CheckOptions options;
   options.timeout = milliseconds(context.options.timeout);
   options.step_timeout = milliseconds(context.options.step_timeout);
   options.cancel = interrupt.token();
   options.on_event = live_progress(context.output);
   options.attended = context.secrets.may_prompt();
   options.languages = languages(context.options);
   return options;
}

void add_integration_checks(CLI::App& integration, Command& chosen) {
   const auto add_arguments = std::make_shared<AddArguments>();
   CLI::App* adding = integration.add_subcommand("add", "Check credentials and permissions, then save")->fallthrough();
   adding->add_option("--platform", add_arguments->platform, "The plugin, as in `plugin list`; asked for at a terminal")
       ->type_name("ID");
   adding->add_option("--name", add_arguments->name, "Name; the first free \"Integration with ...\" unless given")
       ->expected(1)
       ->type_name("NAME");
   add_field_options(*adding, add_arguments->fields);
   adding->add_flag("--no-save", add_arguments->no_save, "Check only");
   add_trace_flag(*adding, add_arguments->trace);
   adding->callback([&chosen, add_arguments] {
      chosen = [add_arguments](Context& context) { return add(context, *add_arguments); };
   });

   const auto check_arguments = std::make_shared<CheckArguments>();
   CLI::App* checking = integration.add_subcommand("check", "Check a saved integration again, or all")->fallthrough();
   CLI::Option* which =
       checking->add_option("NAME", check_arguments->which, "The integration, as in `integration list`");
   CLI::Option* all = checking->add_flag("--all", check_arguments->all, "Check every integration that is enabled");
   all->excludes(which);
   checking->add_option("--parallel", check_arguments->parallel, "How many at a time, 1 to 512")
       ->capture_default_str()
       ->check(whole_number_within(1, 512))
       ->needs(all)
       ->type_name("N");
   checking->add_flag("--strict", check_arguments->strict,
                      "Exit with 5 on remarks, too: what is restricted, missing, not verified or about to end");
   add_trace_flag(*checking, check_arguments->trace);
   all->excludes(checking->get_option("--trace"));
   checking->callback([&chosen, check_arguments] {
      chosen = [check_arguments](Context& context) { return check(context, *check_arguments); };
   });

   const auto to_sign_in = std::make_shared<std::string>();
   CLI::App* signing_in =
       integration.add_subcommand("sign-in", "Let a person sign in again; nothing else changes")->fallthrough();
   signing_in->add_option("NAME", *to_sign_in, "The integration, as in `integration list`")->required();
   signing_in->callback(
       [&chosen, to_sign_in] { chosen = [to_sign_in](Context& context) { return sign_in(context, *to_sign_in); }; });

   const auto edit_arguments = std::make_shared<EditArguments>();
   CLI::App* editing =
       integration.add_subcommand("edit", "Check new settings, then replace the saved ones")->fallthrough();
   editing->add_option("NAME", edit_arguments->which, "The integration, as in `integration list`")->required();
   editing->add_option("--name", edit_arguments->name, "New name")->expected(1)->type_name("NAME");
   add_field_options(*editing, edit_arguments->fields);
   add_trace_flag(*editing, edit_arguments->trace);
   editing->callback([&chosen, edit_arguments] {
      chosen = [edit_arguments](Context& context) { return edit(context, *edit_arguments); };
   });
}

}  // namespace msp::console
