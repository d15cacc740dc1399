// msp-plugin - the command of who writes plugins.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "author/check_command.hpp"
#include "author/new_plugin.hpp"
#include "author/sign_command.hpp"
#include "author/try_command.hpp"
#include "cli/default_paths.hpp"

namespace {

using namespace msp::author;

constexpr int kUsage = 2;

int make(const NewPlugin& wanted) {
   for (const std::string& file : make_new_plugin(wanted)) std::cout << (wanted.directory / file).string() << '\n';
   std::cout << "Its README.md says how to build, check and try it.\n";
   return 0;
}

// CLI11 repeats arguments, and one that slipped in may be a secret: only an option's name is repeated.
std::string complaint(const CLI::ParseError& error, const CLI::App& app) {
   const auto code = static_cast<CLI::ExitCodes>(error.get_exit_code());
   const std::vector<std::string> rest = app.remaining(true);
   if (app.get_subcommands().empty())
      return rest.empty() ? "A command is missing: new, check, manifest, try, keygen, sign or verify."
                          : "There is no such command; there is new, check, manifest, try, keygen, sign and verify.";
   if (code != CLI::ExitCodes::ExtrasError) return std::string(error.what()) + '.';
   const auto option = std::find_if(rest.begin(), rest.end(), [](const auto& each) { return each.starts_with('-'); });
   if (option == rest.end()) return "There is an argument too many (not repeated here, in case it is a secret).";
   return "There is no option " + option->substr(0, option->find('=')) + '.';
}

}  // namespace

int main(int count, char** values) {
   CLI::App app("Makes, checks, tries and signs platform plugins.", "msp-plugin");
   app.allow_windows_style_options(false);  // "/home/jane/plugin.dll" is a path there, too
   app.set_version_flag("--version", "msp-plugin " MSP_PLUGIN_VERSION);
   app.require_subcommand(1);
   const std::filesystem::path program = msp::console::program_file(values[0]);
   int result = 0;

   NewPlugin wanted;
   CLI::App* make_new = app.add_subcommand("new", "Write a plugin that works, to go on from");
   make_new->add_option("DIR", wanted.directory, "A new directory")->required();
   make_new->add_option("--id", wanted.id, "Its id for ever, such as com_acme_helpdesk")->required();
   make_new->add_option("--name", wanted.name, "Its name for people; otherwise made of the id");
   make_new->add_option("--lang", wanted.language, "c, cpp or rust")
       ->required()
       ->check(CLI::IsMember({"c", "cpp", "rust"}));
   make_new->footer("Example: msp-plugin new helpdesk --id com_acme_helpdesk --lang cpp");
   make_new->callback([&] { result = make(wanted); });

   CheckArguments check;
   bool list = false;
   bool markdown = false;
   CLI::App* checking = app.add_subcommand("check", "Judge a plugin, each check in a process of its own");
   checking->add_option("FILE", check.file, "The plugin's library")->check(CLI::ExistingFile);
   checking->add_option("--exchange", check.exchange, "The platform: a script of msp-sim")->check(CLI::ExistingFile);
   checking->add_option("--settings", check.settings, "What that platform accepts: field ids and texts, as JSON")
       ->check(CLI::ExistingFile);
   checking->add_option("--only", check.only, "This check only (repeatable)");
   checking->add_option("--fuzz", check.fuzz, "How many random settings are tried")->capture_default_str();
   checking->add_option("--seed", check.seed, "Of the first of them")->capture_default_str();
   checking->add_option_function<unsigned>(
       "--limit", [&](unsigned seconds) { check.limit = std::chrono::seconds(seconds); },
       "Seconds for each check; 120 unless given");
   checking->add_flag("--json", check.json, "One document, msp.plugin_check/1");
   checking->add_flag("--junit", check.junit, "For CI, as JUnit writes it");
   checking->add_flag("--list", list, "What there is to check");
   checking->add_flag("--markdown", markdown, "With --list: as the page CHECKS.md")->group("");
   checking->add_option("--answer", check.answer)->group("");
   checking->footer(
       "Example: msp-plugin check build/plugins/helpdesk.so --exchange script.json --settings settings.json");
   checking->callback([&] {
      if (list) {
         std::cout << list_checks(markdown);
         return;
      }
      if (check.file.empty()) throw std::runtime_error("A file is missing: msp-plugin check FILE.");
      result = run_checks(check, program);
   });

   std::filesystem::path manifest;
   CLI::App* judging = app.add_subcommand("manifest", "Judge a manifest, as a build does");
   judging->add_option("FILE", manifest, "manifest.json")->required()->check(CLI::ExistingFile);
   judging->callback([&] { result = judge_manifest(manifest); });

   TryArguments trying;
   CLI::App* trial =
       app.add_subcommand("try", "Check credentials with these very bytes, in a console that keeps nothing");
   trial->add_option("FILE", trying.file, "The plugin's library")->required()->check(CLI::ExistingFile);
   trial->add_option("--exchange", trying.exchange, "The platform: a script of msp-sim; otherwise the real one")
       ->check(CLI::ExistingFile);
   trial->add_option("--set", trying.set, "FIELD=VALUE (repeatable)")->take_all();
   trial->add_option("--secret", trying.secret, "FIELD=VALUE, or FIELD=@file:PATH (repeatable)")->take_all();
   trial->add_option("--console", trying.console,
                     "A global option of msp-console, such as --console=--in-process (repeatable)");
   trial->footer(
       "Example: msp-plugin try build/plugins/helpdesk.so --exchange script.json --secret api_token=throw-away-1");
   trial->callback([&] { result = try_plugin(trying, program); });

   std::filesystem::path key;
   CLI::App* key_maker = app.add_subcommand("keygen", "Make the key that your plugins are signed with");
   key_maker->add_option("KEY", key, "A new file")->required();
   key_maker->callback([&] { result = make_key(key); });

   std::filesystem::path plugin;
   CLI::App* signing = app.add_subcommand("sign", "Sign a plugin, so that a console knows whose its updates are");
   signing->add_option("FILE", plugin, "The plugin's library, for any system")->required()->check(CLI::ExistingFile);
   signing->add_option("--key", key, "What keygen wrote")->required()->check(CLI::ExistingFile);
   signing->callback([&] { result = sign_plugin(plugin, key); });

   std::string publisher;
   CLI::App* verifying = app.add_subcommand("verify", "Say who signed a plugin, and whether it was changed since");
   verifying->add_option("FILE", plugin, "The plugin's library, for any system")->required()->check(CLI::ExistingFile);
   verifying->add_option("--publisher", publisher, "Who it must be, as keygen said");
   verifying->callback([&] { result = verify_plugin(plugin, publisher); });

   try {
      app.parse(count, values);
   } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() == 0) return app.exit(error);
      std::cerr << "msp-plugin: " << complaint(error, app) << " See msp-plugin --help, or --help after a command.\n";
      return kUsage;
   } catch (const std::exception& error) {
      std::cerr << "msp-plugin: " << error.what() << '\n';
      return kUsage;
   }
   return result;
}
