#include "cli/command_line.hpp"

#include "cli/completion.hpp"
#include "cli/examples.hpp"
#include "cli/man_page.hpp"
#include "cli/usage_words.hpp"

namespace msp::console {
namespace {

constexpr const char* kFooter =
    "A variable of the environment gives an option that may be repeated several values: MSP_CONSOLE_PLUGIN_DIR as PATH "
    "does, MSP_CONSOLE_CONNECT_TO and MSP_CONSOLE_PRESET separated by commas, or by line ends where it holds one.\n"
    "A configuration file holds one option a line, its name without the dashes: data-dir = /srv/console, or plugin-dir "
    "= [\"/srv/one\", \"/srv/two\"]. The options of a command follow its name in brackets, as in [serve].";

void add_commands_about_the_program(CLI::App& app, std::string& told) {
   CLI::App* completion = app.add_subcommand("completion", "Print what a shell needs to complete commands and options");
   const auto shell = std::make_shared<std::string>();
   completion->fallthrough()
       ->add_option("SHELL", *shell, "bash, zsh or fish")
       ->required()
       ->check(one_of({"bash", "zsh", "fish"}));
   completion->callback([&told, shell] { told = completion_script(*shell); });
   app.add_subcommand("man", "Print the manual page of this program")->fallthrough()->callback([&app, &told] {
      told = man_page(app);
   });
}

}  // namespace

CommandLine::CommandLine()
    : app("Connects this console to the business platforms that its plugins know.", "msp-console") {
   app.allow_windows_style_options(false);  // "/assetmgmt/agents" is a path there, too
   app.set_version_flag("--version", std::string("msp-console ") + MSP_CONSOLE_VERSION, "Show the version");
   app.require_subcommand(1);
   app.fallthrough();
   app.footer(kFooter);
   add_global_options(app, options);
   add_plugin_commands(app, command);
   add_platform_commands(app, command);
   add_integration_commands(app, command);
   add_secrets_commands(app, command);
   add_serve_command(app, command);
   add_commands_about_the_program(app, told);
   add_examples(app);
}

}  // namespace msp::console
