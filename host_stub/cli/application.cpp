#include "cli/application.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string_view>

#include "cli/command_line.hpp"
#include "cli/completion.hpp"
#include "cli/config_file.hpp"
#include "cli/context.hpp"
#include "cli/terminal.hpp"
#include "cli/usage_error.hpp"
#include "cli/usage_words.hpp"
#include "msp/host/network.hpp"
#include "words/documents.hpp"

namespace msp::console {
namespace {

// Asked before the options are parsed, because a complaint about them is a document too.
bool wants_json(int argc, char** argv) {
   for (int i = 1; i < argc; ++i) {
      if (std::string_view(argv[i]) == "--json") return true;
   }
   const char* variable = std::getenv("MSP_CONSOLE_JSON");
   const std::string_view value = variable ? variable : "";
   return !value.empty() && value != "0" && value != "false";
}

void report(Output& output, bool json, const host::Finding& problem) {
   if (json) return output.document(error_document(output.redacted(problem)));
   output.problem(problem);
}

bool is_option(const std::string& argument) { return argument.size() > 1 && argument.front() == '-'; }

// The innermost command that was understood.
const CLI::App& innermost(const CLI::App& app) {
   const auto given = app.get_subcommands();
   return given.empty() ? app : innermost(*given.back());
}

// What is wrong where one of `group`'s commands should stand.
UsageError command_error(const CLI::App& group, const std::vector<std::string>& rest) {
   std::string before;  // the groups above
   for (const CLI::App* app = &group; app->get_parent() != nullptr; app = app->get_parent()) {
      before = app->get_name() + " " + before;
   }
   std::string commands;
   std::vector<std::string> names;
   for (const CLI::App* command : group.get_subcommands([](const CLI::App*) { return true; })) {
      commands += (commands.empty() ? "" : ", ") + command->get_name();
      names.push_back(command->get_name());
   }
   const std::string near = rest.empty() ? "" : meant(rest.front(), names);
   const std::string remedy = (near.empty() ? "" : "Did you mean \"msp-console " + before + near + "\"? ") +
                              "Choose one of: " + commands + ". See msp-console " + before + "--help.";
   if (!rest.empty()) return {"There is no command \"" + before + one_line(rest.front(), 40) + "\".", remedy};
   return {"A command is missing after \"msp-console" +
               (before.empty() ? "" : " " + before.substr(0, before.size() - 1)) + "\".",
           remedy};
}

// "msp-console integration show"
std::string path_of(const CLI::App& command) {
   return (command.get_parent() == nullptr ? "" : path_of(*command.get_parent()) + " ") + command.get_name();
}

// Of the command and of those above it, which it takes too.
std::vector<std::string> options_of(const CLI::App& command) {
   std::vector<std::string> names;
   for (const CLI::App* app = &command; app != nullptr; app = app->get_parent()) {
      for (const CLI::Option* option : app->get_options())
         for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
   }
   return names;
}

// CLI11 repeats arguments in its messages; one that is neither an option nor in a command's place may be a secret that
// slipped in.
UsageError usage_error(const CLI::ParseError& error, const CLI::App& app) {
   const std::string help = "See " + path_of(innermost(app)) + " --help.";
   const auto code = static_cast<CLI::ExitCodes>(error.get_exit_code());
   const std::string in_file =
       "Write an option's name without its dashes, as in data-dir = /srv/console; msp-console "
       "--help lists the options.";
   if (code == CLI::ExitCodes::FileError) return {one_line(error.what(), 500) + ".", in_file};
   const auto* config = dynamic_cast<const ConfigFile*>(app.get_config_formatter().get());
   if (const std::string place = config == nullptr ? "" : config->place_of(error.what()); !place.empty()) {
      return {"The configuration file " + place + ": " + complaint(error, app) + ".",
              "Correct the value there; msp-console --help, or --help after a command, says what the option takes."};
   }
   if (code != CLI::ExitCodes::ExtrasError && code != CLI::ExitCodes::RequiredError) {
      return {complaint(error, app) + ".", help};
   }
   const std::vector<std::string> rest = app.remaining(true);
   const CLI::App& command = innermost(app);
   const bool group = command.get_require_subcommand_min() > 0;
   if (group && (rest.empty() || !is_option(rest.front()))) return command_error(command, rest);
   const auto option = std::ranges::find_if(rest, is_option);
   if (option != rest.end()) {
      const std::string name = option->substr(0, option->find('='));
      const std::string near = meant(name, options_of(command));
      return {"There is no option " + one_line(name, 60) + ".",
              (near.empty() ? "" : "Did you mean " + near + "? ") + help};
   }
   if (code == CLI::ExitCodes::RequiredError) return {complaint(error, app) + ".", help};
   return {"There is an argument too many (not repeated here, in case it is a secret).", help};
}

// What a prompt asks for. A plugin that is not there may come later; a field that a present one does not have is a slip
// of the pen.
Typed check_preset(Context& context, const std::string& plugin, const std::string& field) {
   const auto found = context.console.plugins().find(plugin);
   if (!found) return Typed::line;
   const host::CatalogEntry& entry = found.value().entry;
   if (!entry.manifest && !entry.serving_manifest) return Typed::line;
   for (const auto* manifest : {&entry.serving_manifest, &entry.manifest}) {
      const host::Field* one = *manifest ? (*manifest)->field(field) : nullptr;
      if (one && one->preset) return one->multiline ? Typed::lines : Typed::line;
   }
   throw UsageError(
       "The plugin \"" + one_line(plugin, 100) + "\" has no field \"" + one_line(field, 100) + "\" that may be preset.",
       "See \"msp-console platform requirements " + one_line(plugin, 100) + "\" for its fields.");
}

void read_presets(Context& context) {
   for (const std::string& argument : context.options.presets) {
      const SecretArgument preset = parse_secret_argument("--preset", argument);
      const std::size_t dot = preset.field.find('.');
      if (dot == std::string::npos || dot == 0 || dot + 1 == preset.field.size()) {
         throw UsageError("--preset needs a plugin and a field, as in autotask.integration_code.",
                          "Write --preset PLUGIN.FIELD=SOURCE.");
      }
      const Typed typed = check_preset(context, preset.field.substr(0, dot), preset.field.substr(dot + 1));
      host::SecretBytes value = context.keep(
          context.secrets.read(preset.source, preset.field, "--preset " + preset.field + "=SOURCE", typed));
      context.console.presets().add(preset.field.substr(0, dot), preset.field.substr(dot + 1), std::move(value));
   }
}

// Whoever debugs would wait for a process that never waits.
void check_debug_plugin(Context& context) {
   const std::string& id = context.options.debug_plugin;
   if (id.empty()) return;
   const auto found = context.console.plugins().find(id);
   if (!found) throw UsageError(found.finding());
   if (found.value().isolation != host::Isolation::in_process) return;
   throw UsageError("The plugin \"" + found.value().id() +
                        "\" runs in the console's process; --debug-plugin is for one in a process of its own.",
                    "Start the console itself in the debugger, or leave out --in-process.");
}

ExitCode run_command(const Command& command, const GlobalOptions& options, const char* program, Output& output) {
   const std::shared_ptr<spdlog::logger> log = make_log(options);
   const ConsoleOptions settings = console_options(options, program, log);
   // Before any check, which would blame the platform.
   if (auto network = host::check_network_options(settings.network); !network) {
      throw UsageError(network.finding());
   }
   Console console(settings);
   output.redact_with(console.redactor());
   const std::unique_ptr<Output, void (*)(Output*)> redacting(&output, [](Output* one) { one->stop_redacting(); });
   if (log) redact_log(*log, console.redactor());
   SecretReader secrets(!options.no_input && is_terminal(Stream::input),
                        std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout * 1000)));
   Context context{options, console, output, secrets, {}};
   try {
      for (const PluginEnd& end : console.news()) output.problem(problem_of(end));
      read_presets(context);
      check_debug_plugin(context);
      return command(context);
   } catch (const FindingError& error) {
      // Reported here, while the redactor still knows what was read.
      report(output, options.json, error.finding());
      return exit_code(error.finding());
   }
}

ExitCode parse_and_run(int argc, char** argv, Output& output) {
   CommandLine line;
   if (asks_for_words(argc, argv)) {
      for (const std::string& word : completions(line.app, std::vector<std::string>(argv + 3, argv + argc)))
         output.result(word + "\n");
      return ExitCode::accepted;
   }
   try {
      line.app.parse(argc, argv);
   } catch (const CLI::Success& told) {  // help or version
      std::ostringstream text;
      line.app.exit(told, text, text);
      output.result(text.str());
      return ExitCode::accepted;
   } catch (const CLI::ParseError& error) {
      throw usage_error(error, line.app);
   }
   if (!line.told.empty()) {
      output.result(line.told);
      return ExitCode::accepted;
   }
   add_lists_from_environment(line.options);
   return run_command(line.command, line.options, argv[0], output);
}

}  // namespace

bool Context::confirm(const std::string& question) {
   if (options.yes) return true;
   if (!secrets.may_prompt()) {
      throw UsageError("This needs a confirmation, and there is nobody to ask.", "Add --yes to confirm it.");
   }
   output.note(question + " [y/N] ");
   std::string answer;
   std::getline(std::cin, answer);
   return answer == "y" || answer == "Y" || answer == "yes";
}

int run(int argc, char** argv) noexcept {
   try {
      Output output;
      const bool json = wants_json(argc, argv);
      try {
         const ExitCode code = parse_and_run(argc, argv, output);
         const auto written = output.finish();
         if (!written) report(output, false, written.finding());
         return static_cast<int>(written ? code : ExitCode::internal);
      } catch (const FindingError& error) {
         report(output, json, error.finding());
         return static_cast<int>(exit_code(error.finding()));
      } catch (const std::filesystem::filesystem_error& error) {
         report(output, json,
                {"host.storage",
                 "This machine refused a file that the console needs, \"" + error.path1().string() +
                     "\": " + error.code().message() + ".",
                 "Make sure that this user may use that file, and that its disk has space left."});
         return static_cast<int>(ExitCode::store_unreadable);
      } catch (const std::exception& error) {
         report(output, json,
                host::own_failure("Something went wrong inside the console", error,
                                  "Try again; if it happens again, report it with the log (--log-level debug)."));
         return static_cast<int>(ExitCode::internal);
      }
   } catch (...) {
      return static_cast<int>(ExitCode::internal);
   }
}

}  // namespace msp::console
