#include <gmock/gmock.h>

#include <set>

#include "cli/command_line.hpp"
#include "cli/completion.hpp"
#include "cli/examples.hpp"
#include "cli/man_page.hpp"

namespace msp::console {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

void collect(const CLI::App& app, const std::string& before, std::set<std::string>& paths) {
   for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; })) {
      paths.insert(before + one->get_name());
      collect(*one, before + one->get_name() + " ", paths);
   }
}

std::vector<std::string> offered(std::vector<std::string> words) { return completions(CommandLine().app, words); }

TEST(Examples, each_command_has_one_that_parses_and_its_help_ends_in_it) {
   std::set<std::string> commands{""};
   collect(CommandLine().app, "", commands);
   std::set<std::string> shown;
   for (const Example& example : examples()) {
      SCOPED_TRACE(example.line);
      shown.insert(std::string(example.command));
      CommandLine line;
      const std::string typed(example.line.substr(0, example.line.find(" >")));
      EXPECT_NO_THROW(line.app.parse(typed, true));
      EXPECT_TRUE(line.command || !line.told.empty());
      const std::string command = "msp-console" + std::string(example.command.empty() ? "" : " ");
      EXPECT_TRUE(typed.starts_with(command + std::string(example.command))) << "another command's";
      CommandLine help;
      try {
         help.app.parse(command + std::string(example.command) + " --help", true);
         ADD_FAILURE() << "no help";
      } catch (const CLI::CallForHelp&) {
         EXPECT_THAT(help.app.help(), HasSubstr("Example:\n  " + std::string(example.line) + "\n"));
      }
   }
   EXPECT_EQ(shown, commands);
}

TEST(Completion, offers_commands_options_and_shells) {
   EXPECT_THAT(offered({"integ"}), ElementsAre("integration"));
   EXPECT_THAT(offered({"integration", "s"}), ElementsAre("show", "sign-in"));
   EXPECT_THAT(offered({"integration", "check", "--tr"}), ElementsAre("--trace"));
   EXPECT_THAT(offered({"integration", "check", "--js"}), ElementsAre("--json"));
   EXPECT_THAT(offered({"--json", "--data-dir", "integration", "pl"}), ElementsAre("platform", "plugin"));
   EXPECT_THAT(offered({"completion", ""}), ElementsAre("bash", "fish", "zsh"));
   EXPECT_THAT(offered({"integration", "add", "--he"}), ElementsAre("--help"));
}

TEST(Completion, offers_nothing_where_a_value_belongs) {
   EXPECT_THAT(offered({"--cacert", ""}), IsEmpty());
   EXPECT_THAT(offered({"integration", "add", "--set", ""}), IsEmpty());
   EXPECT_THAT(offered({"integration", "show", ""}), IsEmpty());
   EXPECT_THAT(offered({"nonsense", "pl"}), ElementsAre("platform", "plugin"));
}

TEST(ManPage, names_each_command_and_each_option) {
   const CommandLine line;
   const std::string page = man_page(line.app);
   std::set<std::string> commands;
   collect(line.app, "", commands);
   for (const std::string& command : commands) {
      const auto next = commands.upper_bound(command);
      if (next != commands.end() && next->starts_with(command + " ")) continue;  // a group
      std::string escaped;
      for (const char c : command) escaped += c == '-' ? "\\-" : std::string(1, c);
      EXPECT_THAT(page, HasSubstr(".SS " + escaped + "\n"));
   }
   EXPECT_THAT(page, HasSubstr("\\fB\\-\\-trace\\fR"));
   EXPECT_THAT(page, HasSubstr("\\fBMSP_CONSOLE_DATA_DIR\\fR"));
   EXPECT_THAT(page, HasSubstr("\\fB130\\fR"));
}

}  // namespace
}  // namespace msp::console
