#include "application.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "context.hpp"
#include "documents.hpp"
#include "terminal.hpp"
#include "usage_error.hpp"

namespace msp::console {
namespace {

// Asked before the options are parsed, because a complaint about them is a document too.
bool wants_json(int argc, char** argv) {
   for (int i = 1; i < argc; ++i) {
      if (std::string_view(argv[i]) == "--json") return true;
   }
   const char* value = std::getenv("MSP_CONSOLE_JSON");
   return value && std::string_view(value) != "" && std::string_view(value) != "0" &&
          std::string_view(value) != "false";
}

void report(Output& output, bool json, const host::Problem& problem) {
   if (json) return output.document(error_document(problem));
   const Style& style = output.note_style();
   std::string text =
       wrapped(one_line(problem.summary, 2000), 2, style.width, style.paint("msp-console:", Tone::bad) + " ");
   if (!problem.remedy.empty()) {
      text += wrapped("What to do: " + one_line(problem.remedy, 2000), 2, style.width);
   }
   output.note(text);
}

// CLI11 repeats arguments in its messages; one that is no option may be a secret that slipped in.
UsageError usage_error(const CLI::ParseError& error, const CLI::App& app) {
   const std::string help = "See msp-console --help, or --help after a command.";
   if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) {
      for (const std::string& argument : app.remaining(true)) {
         if (argument.size() > 1 && argument.front() == '-') {
            return {"There is no option " + one_line(argument.substr(0, argument.find('=')), 60) + ".", help};
         }
      }
      return {"There is an argument too many (not repeated here, in case it is a secret).", help};
   }
   return {one_line(error.what(), 500) + ".", help};
}

void read_presets(Context& context) {
   for (const std::string& argument : context.options.presets) {
      const SecretArgument preset = parse_secret_argument("--preset", argument);
      const std::size_t dot = preset.field.find('.');
      if (dot == std::string::npos || dot == 0 || dot + 1 == preset.field.size()) {
         throw UsageError("--preset needs a plugin and a field, as in autotask.integration_code.",
                          "Write --preset PLUGIN.FIELD=SOURCE.");
      }
      host::SecretBytes value =
          context.keep(context.secrets.read(preset.source, preset.field, "--preset " + preset.field + "=SOURCE"));
      context.console.presets().add(preset.field.substr(0, dot), preset.field.substr(dot + 1), std::move(value));
   }
}

ExitCode run_command(const Command& command, const GlobalOptions& options, const char* program, Output& output) {
   const std::shared_ptr<spdlog::logger> log = make_log(options);
   Console console(console_options(options, program, log));
   output.redact_with(console.redactor());
   if (log) redact_log(*log, console.redactor());
   SecretReader secrets(!options.no_input && is_terminal(Stream::input));
   try {
      Context context{options, console, output, secrets, {}};
      read_presets(context);
      return command(context);
   } catch (const ProblemError& error) {
      // Reported here, while the redactor still lives.
      report(output, options.json, error.problem());
      return exit_code(error.problem());
   }
}

ExitCode parse_and_run(int argc, char** argv, Output& output) {
   GlobalOptions options;
   Command command;
   CLI::App app("Connects this console to the business platforms that its plugins know.", "msp-console");
   app.require_subcommand(1);
   app.fallthrough();
   add_global_options(app, options);
   add_plugin_commands(app, command);
   add_platform_commands(app, command);
   add_integration_commands(app, command);
   add_serve_command(app, command);
   try {
      app.parse(argc, argv);
   } catch (const CLI::CallForHelp& help) {
      app.exit(help);
      return ExitCode::accepted;
   } catch (const CLI::CallForAllHelp& help) {
      app.exit(help);
      return ExitCode::accepted;
   } catch (const CLI::ParseError& error) {
      throw usage_error(error, app);
   }
   return run_command(command, options, argv[0], output);
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
         return static_cast<int>(parse_and_run(argc, argv, output));
      } catch (const ProblemError& error) {
         report(output, json, error.problem());
         return static_cast<int>(exit_code(error.problem()));
      } catch (const std::exception& error) {
         report(output, json,
                {"internal", std::string("Something went wrong inside the console: ") + error.what() + ".",
                 "Try again; if it happens again, report it with the log (--log-level debug)."});
         return static_cast<int>(ExitCode::internal);
      }
   } catch (...) {
      return static_cast<int>(ExitCode::internal);
   }
}

}  // namespace msp::console
