#include "cli/man_page.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/examples.hpp"
#include "cli/exit_code.hpp"

namespace msp::console {
namespace {

constexpr std::array<std::pair<ExitCode, std::string_view>, 13> kExitCodes{{
    {ExitCode::accepted, "Accepted, with remarks, too, unless --strict is given."},
    {ExitCode::internal, "The console or this machine failed."},
    {ExitCode::usage, "The command line is wrong."},
    {ExitCode::settings_invalid, "A setting is wrong."},
    {ExitCode::credentials_refused, "The platform refused the credentials."},
    {ExitCode::permissions_insufficient, "A required permission is missing, or with --strict there are remarks."},
    {ExitCode::try_again, "The platform was unreachable, busy or unavailable. Try again later."},
    {ExitCode::already_used, "The name or the account is used by another integration."},
    {ExitCode::no_such_thing, "There is no such integration or plugin."},
    {ExitCode::plugin_unusable, "The plugin cannot be used."},
    {ExitCode::store_unreadable, "The database or a saved secret cannot be read."},
    {ExitCode::timed_out, "There was no time left."},
    {ExitCode::cancelled, "Somebody cancelled it."},
}};

// A text as troff shows it as it is.
std::string plain(std::string_view text) {
   std::string result;
   bool starts = true;
   for (const char c : text) {
      if (starts && (c == '.' || c == '\'')) result += "\\&";
      starts = c == '\n';
      if (c == '\\')
         result += "\\e";
      else if (c == '-')
         result += "\\-";
      else if (c == '\'')
         result += "\\(aq";
      else if (c == '`')
         result += "\\(ga";
      else if (c == '^')
         result += "\\(ha";
      else if (c == '~')
         result += "\\(ti";
      else
         result += c;
   }
   return result;
}

std::string bold(std::string_view text) { return "\\fB" + plain(text) + "\\fR"; }

bool is_positional(const CLI::Option& option) { return option.get_lnames().empty() && option.get_snames().empty(); }

std::string name_of(const CLI::Option& option) {
   if (is_positional(option)) return bold(option.get_name());
   std::string names;
   for (const std::string& name : option.get_snames()) names += (names.empty() ? "" : ", ") + bold("-" + name);
   for (const std::string& name : option.get_lnames()) names += (names.empty() ? "" : ", ") + bold("--" + name);
   std::string type = option.get_type_name();
   type = type.substr(0, type.find(" ("));
   return option.get_expected_max() == 0 || type.empty() ? names : names + " \\fI" + plain(type) + "\\fR";
}

// Of an option with several values, or of the configuration file, it stands beside the type: "DIR (Env:VARIABLE, ...)".
std::string variable_of(const CLI::Option& option) {
   if (!option.get_envname().empty()) return option.get_envname();
   constexpr std::string_view kBefore = "(Env:";
   const std::string type = option.get_type_name();
   const std::size_t begin = type.find(kBefore);
   if (begin == std::string::npos) return {};
   return type.substr(begin + kBefore.size(), type.find_first_of(",)", begin) - begin - kBefore.size());
}

std::string options(const std::vector<const CLI::Option*>& options) {
   std::string text;
   for (const CLI::Option* option : options) {
      const std::string about = option->get_description();
      text += ".TP\n" + name_of(*option) + "\n" + plain(about) + (about.ends_with('.') ? "" : ".");
      if (!option->get_default_str().empty()) text += " Default: " + plain(option->get_default_str()) + ".";
      if (const std::string variable = variable_of(*option); !variable.empty())
         text += " Environment: " + bold(variable) + ".";
      text += "\n";
   }
   return text;
}

std::vector<const CLI::Option*> options_to_show(const CLI::App& command) {
   return command.get_options([](const CLI::Option* option) { return option->get_name() != "--help"; });
}

std::string_view example_of(std::string_view command) {
   const auto found = std::ranges::find(examples(), command, &Example::command);
   return found == examples().end() ? std::string_view() : found->line;
}

void add_commands(const CLI::App& group, const std::string& before, std::string& text) {
   for (const CLI::App* command : group.get_subcommands([](const CLI::App*) { return true; })) {
      const std::string path = before + command->get_name();
      if (!command->get_subcommands([](const CLI::App*) { return true; }).empty()) {
         add_commands(*command, path + " ", text);
         continue;
      }
      text += ".SS " + plain(path) + "\n" + plain(command->get_description()) + ".\n" +
              options(options_to_show(*command)) + ".PP\nExample:\n.PP\n.RS 4\n.nf\n" + plain(example_of(path)) +
              "\n.fi\n.RE\n";
   }
}

}  // namespace

std::string man_page(const CLI::App& app) {
   std::string text = ".TH MSP\\-CONSOLE 1 \"\" \"msp\\-console " MSP_CONSOLE_VERSION
                      "\" \"User Commands\"\n"
                      ".nh\n"
                      ".SH NAME\nmsp\\-console \\- connects a console to business platforms through plugins\n"
                      ".SH SYNOPSIS\n.B msp\\-console\n[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]\n"
                      ".SH DESCRIPTION\n" +
                      plain(app.get_description()) +
                      "\nGlobal options may stand before or after the command.\n.SH COMMANDS\n";
   add_commands(app, "", text);
   text += ".SH GLOBAL OPTIONS\n" + options(options_to_show(app)) + ".SH EXIT STATUS\n";
   for (const auto& [code, meaning] : kExitCodes)
      text += ".TP\n" + bold(std::to_string(static_cast<int>(code))) + "\n" + plain(meaning) + "\n";
   text += ".SH ENVIRONMENT AND CONFIGURATION\n";
   const std::string footer = app.get_footer();
   const std::size_t begin = footer.find("\n\n");  // what stands before is the example
   std::string notes = plain(footer.substr(begin == std::string::npos ? 0 : begin + 2));
   for (std::size_t at = 0; (at = notes.find('\n', at)) != std::string::npos; at += 5) notes.replace(at, 1, "\n.PP\n");
   return text + notes;
}

}  // namespace msp::console
