// What the program says when the command line, the database or its output is not as it should be.
#include <gtest/gtest.h>

#include <map>

#include "console_program.hpp"
#include "sim/wire/https_server.hpp"
#include "store/store.hpp"
#include "tests/store/plain_sqlite.hpp"

using namespace msp;
using namespace msp::console::test;
using test_support::ProcessResult;

namespace {

constexpr const char* kDefaultName = "Integration with Autotask";

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Lines are broken where the terminal ends.
std::string unbroken(std::string text) {
   for (std::size_t at = 0; (at = text.find("\n  ", at)) != std::string::npos;) text.replace(at, 3, " ");
   return text;
}

class CommandLineFaults : public testing::Test {
 protected:
   void SetUp() override {
      console_.use(simulator_);
      console_.enable_autotask();
      console_.sign_in_as(kGoodUser, kGoodSecret);
   }

   void add() {
      const ProcessResult added = console_.run(console_.add_arguments());
      ASSERT_EQ(added.exit_code, 0) << added.out << added.err;
   }

   // Refused as a wrong use of the program, with nothing sent.
   void expect_usage(const std::vector<std::string>& arguments, const std::vector<std::string>& parts) {
      const std::size_t before = simulator_.journal().size();
      const ProcessResult result = console_.run(arguments);
      EXPECT_EQ(result.exit_code, 2) << result.out << result.err;
      for (const std::string& part : parts) EXPECT_TRUE(contains(unbroken(result.err), part)) << result.err;
      EXPECT_EQ(simulator_.journal().size(), before);
   }

   sim::AutotaskSimulator simulator_;
   ConsoleProgram console_;
};

// A name that is no name may be a secret that was typed in the wrong place.
TEST_F(CommandLineFaults, a_secret_in_another_argument_is_not_shown) {
   const std::string secret = "Canary-7Qx!pw-Zz93-code";
   console_.environment["THE_CODE"] = secret;
   for (const bool json : {false, true})
      for (const std::vector<std::string>& command :
           std::vector<std::vector<std::string>>{{"integration", "show", secret},
                                                 {"plugin", "show", secret},
                                                 {"platform", "requirements", secret},
                                                 {"integration", "add", "--platform", secret, "--no-input"},
                                                 {"integration", "request", secret, "GET", secret}}) {
         std::vector<std::string> arguments = {"--preset", "autotask.integration_code=@env:THE_CODE"};
         if (json) arguments.emplace_back("--json");
         arguments.insert(arguments.end(), command.begin(), command.end());
         const ProcessResult result = console_.run(arguments);
         EXPECT_NE(result.exit_code, 0) << command[1];
         EXPECT_FALSE(contains(result.out + result.err, "Canary")) << result.out << result.err;
         EXPECT_TRUE(contains(result.out + result.err, "[redacted]")) << result.out << result.err;
      }
}

TEST_F(CommandLineFaults, a_plugin_to_debug_that_has_no_process_of_its_own_is_told) {
   expect_usage({"integration", "list", "--debug-plugin", "autotosk"}, {"There is no plugin \"autotosk\"."});
   expect_usage({"integration", "list", "--debug-plugin", "autotask", "--in-process"},
                {"The plugin \"autotask\" runs in the console's process", "Start the console itself in the debugger"});
}

TEST_F(CommandLineFaults, a_secret_where_its_variable_should_stand_is_not_shown) {
   for (const std::string value : {"Canary-7Qx!pw-Zz93", "CANARYIDENTIFIER"}) {
      const ProcessResult result = console_.run({"integration", "add", "--platform", "autotask", "--no-input", "--set",
                                                 "user_name=a@b.example", "--secret", "password=@env:" + value});
      EXPECT_EQ(result.exit_code, 2);
      EXPECT_FALSE(contains(result.out + result.err, value)) << result.err;
      EXPECT_TRUE(contains(unbroken(result.err), "The environment variable for --secret password=SOURCE is not set."))
          << result.err;
   }
}

TEST_F(CommandLineFaults, a_command_that_there_is_not_is_named_with_those_that_there_are) {
   expect_usage({"frobnicate"}, {"There is no command \"frobnicate\"", "integration", "plugin", "serve"});
   expect_usage({"secrets", "frobnicate"}, {"There is no command \"secrets frobnicate\"", "status", "rotate"});
   expect_usage({"integration", "frobnicate", "x"},
                {"There is no command \"integration frobnicate\"", "add", "check", "list"});
   expect_usage({"integratoin", "list"}, {"Did you mean \"msp-console integration\"?"});
   expect_usage({"integration", "lst"}, {"Did you mean \"msp-console integration list\"?"});
   expect_usage({"integration", "list", "--jsn"}, {"There is no option --jsn.", "Did you mean --json?"});
   expect_usage({"integration", "show"}, {"See msp-console integration show --help."});
   expect_usage({"integration"}, {"A command is missing after \"msp-console integration\"", "add", "check", "list"});
   expect_usage({}, {"A command is missing after \"msp-console\"", "integration"});
   expect_usage({"plugin", "--nonsense"}, {"There is no option --nonsense"});
   const std::string endless(200, 'x');
   EXPECT_FALSE(contains(console_.run({endless}).err, std::string(41, 'x')));
}

TEST_F(CommandLineFaults, network_options_that_cannot_work_are_refused_at_start) {
   add();
   const std::filesystem::path no_certificates = console_.directory() / "empty.pem";
   test_support::write_file(no_certificates, "no certificate\n");
   const std::vector<std::vector<std::string>> cases = {
       {"--connect-to", "junk"}, {"--proxy", "foo://bar"}, {"--cacert", no_certificates.string()}};
   for (const auto& options : cases) {
      std::vector<std::string> check = {"integration", "check", kDefaultName};
      check.insert(check.end(), options.begin(), options.end());
      expect_usage(check, {});
   }
   const auto shown = document(console_.run({"integration", "show", kDefaultName, "--json"}));
   EXPECT_EQ(shown["history"].Size(), 1U) << "a wrong option says nothing about the integration";
}

TEST_F(CommandLineFaults, an_empty_proxy_is_none_whatever_the_environment_says) {
   add();
   console_.environment["https_proxy"] = "http://127.0.0.1:1";
   EXPECT_EQ(console_.run({"integration", "check", kDefaultName}).exit_code, 6);
   const ProcessResult direct = console_.run({"integration", "check", kDefaultName, "--proxy", ""});
   EXPECT_EQ(direct.exit_code, 0) << direct.out << direct.err;
}

TEST_F(CommandLineFaults, an_option_that_is_empty_unknown_or_given_twice_is_not_passed_over) {
   expect_usage({"plugin", "list", "--data-dir", ""}, {"--data-dir"});
   expect_usage({"plugin", "list", "--preset", "autotask.nofield=@env:THE_CODE"}, {"nofield"});
   expect_usage({"plugin", "list", "--preset", "autotask.user_name=@env:THE_CODE"}, {"user_name"});
   expect_usage(console_.add_arguments({"--set", "user_name="}), {"\"user_name\" is given twice with --set"});
   expect_usage(console_.add_arguments({"--secret", "password=@env:THE_CODE"}),
                {"\"password\" is given twice with --secret"});
}

TEST_F(CommandLineFaults, each_option_says_what_was_given_and_what_it_takes) {
   using Arguments = std::vector<std::string>;
   const std::string seconds = " takes seconds from 0.001 to 86400, not \"";
   for (const std::string option : {"--timeout", "--step-timeout", "--connect-timeout"}) {
      for (const std::string value : {"soon", "0", "0.0009", "86400.1", "-1", "nan", "inf", "1s"})
         expect_usage({"plugin", "list", option + "=" + value}, {option + seconds + value + "\"."});
      for (const char* value : {"0.001", "86400", "1e1"})
         EXPECT_EQ(console_.run({"plugin", "list", option, value}).exit_code, 0) << option << value;
   }
   for (const std::string value : {"0", "513", "x", "2.5", "-1"}) {
      expect_usage({"integration", "check", "--all", "--parallel", value},
                   {"--parallel takes a whole number from 1 to 512, not \"" + value + "\"."});
   }
   for (const char* value : {"1", "512"})
      EXPECT_EQ(console_.run({"integration", "check", "--all", "--parallel", value}).exit_code, 0) << value;
   expect_usage({"plugin", "list", "--log-level", "loud"},
                {"--log-level takes trace, debug, info, warning, error or off, not \"loud\"."});
   for (const std::string flag : {"--json", "--yes", "--no-input"}) {
      const ProcessResult result = console_.run({"plugin", "list", flag + "=maybe"});
      EXPECT_EQ(result.exit_code, 2);
      EXPECT_TRUE(contains(unbroken(result.out + result.err), flag + " takes no value, or true or false, not "))
          << result.out << result.err;
   }

   const std::map<std::string, std::string> values = {{"--data-dir", "DIR"},
                                                      {"--plugin-dir", "DIR"},
                                                      {"--config", "FILE"},
                                                      {"--cacert", "FILE"},
                                                      {"--log-file", "FILE"},
                                                      {"--log-level", "LEVEL"},
                                                      {"--preset", "PLUGIN.FIELD=SOURCE"},
                                                      {"--proxy", "URL"},
                                                      {"--connect-to", "HOST1:PORT1:HOST2:PORT2"},
                                                      {"--timeout", "SECONDS"},
                                                      {"--step-timeout", "SECONDS"},
                                                      {"--connect-timeout", "SECONDS"}};
   for (const auto& [option, value] : values)
      expect_usage({"plugin", "list", option}, {option + " is given without its value, " + value + "."});
   for (const std::string option : {"--data-dir", "--log-file"})
      expect_usage({"plugin", "list", option, "a", option, "b"}, {option + " is given 2 times, and takes one value."});
   for (const std::string option : {"--data-dir", "--plugin-dir", "--cacert", "--log-file"})
      expect_usage({"plugin", "list", option, ""}, {option + " takes a path, not an empty value."});

   const std::pair<Arguments, const char*> of_commands[] = {
       {{"integration", "add", "--platform"}, "--platform is given without its value, ID."},
       {{"integration", "add"}, "--platform is missing (the plugin, as in `plugin list`)."},
       {{"integration", "add", "--platform", "a", "--platform", "b"}, "--platform is given 2 times, and takes one"},
       {{"integration", "add", "--platform", "a", "--name", "x", "--name", "y"}, "--name is given 2 times, and takes"},
       {{"integration", "edit", "N", "--name", "x", "--name", "y"}, "--name is given 2 times, and takes one value."},
       {{"integration", "request", "N", "GET", "a", "--body", "x", "--body", "y"}, "--body is given 2 times, and"},
       {{"integration", "request", "N", "GET", "a", "--header"}, "--header is given without its value, 'NAME: VALUE'."},
       {{"integration", "request", "N", "GET"}, "PATH is missing (below the platform's base address, for example"},
       {{"integration", "request", "N"}, "METHOD is missing (GET, POST, PATCH, ...)."},
       {{"integration", "show"}, "NAME is missing (the integration, as in `integration list`)."},
       {{"integration", "check", "--all", "N"}, "NAME and --all exclude each other; give one of them."},
       {{"integration", "check", "--parallel", "3"}, "--parallel is used together with --all only."},
       {{"plugin", "enable", "a", "--sha256"}, "--sha256 is given without its value, HASH."},
       {{"plugin", "enable"}, "ID is missing (the plugin, as in `plugin list`)."},
       {{"serve", "--listen"}, "--listen is given without its value, IP:PORT."},
       {{"serve", "--listen", "a", "--listen", "b"}, "--listen is given 2 times, and takes one value."},
       {{"serve", "--tls-cert", ""}, "--tls-cert takes a path, not an empty value."},
   };
   for (const auto& [arguments, told] : of_commands) expect_usage(arguments, {told});

   console_.environment["MSP_CONSOLE_TIMEOUT"] = "soon";
   expect_usage({"plugin", "list"}, {"--timeout" + seconds + "soon\" (from MSP_CONSOLE_TIMEOUT)."});
}

TEST_F(CommandLineFaults, an_edit_to_another_account_names_every_secret_to_give_again) {
   add();
   const std::string other = std::string("user_name=") + kNoTicketEditing;
   expect_usage({"integration", "edit", kDefaultName, "--set", other, "--no-input"},
                {"changes which account is used", "--secret password=SOURCE", "--secret integration_code=SOURCE"});
}

TEST_F(CommandLineFaults, a_wrong_value_is_told_before_anything_that_is_missing) {
   const ProcessResult result = console_.run(
       {"integration", "add", "--platform", "autotask", "--no-input", "--json", "--set", "user_name=two\nlines"});
   EXPECT_EQ(result.exit_code, 3) << result.err;
   EXPECT_TRUE(contains(result.out, "input.invalid")) << result.out;
   EXPECT_TRUE(simulator_.journal().empty());
   add();
   // Another account, for which the secrets are missing too.
   const ProcessResult edit =
       console_.run({"integration", "edit", kDefaultName, "--no-input", "--json", "--set", "user_name=two\nlines"});
   EXPECT_EQ(edit.exit_code, 3) << edit.err;
   EXPECT_TRUE(contains(edit.out, "input.invalid")) << edit.out;
}

TEST_F(CommandLineFaults, names_of_which_nothing_can_be_seen_are_blank) {
   for (const char* name : {"\u00A0", "\u200B", "\u2800", "\u3164", "\u00AD", "\u115F\u1160", "\uFFA0"}) {
      const ProcessResult result = console_.run(console_.add_arguments({"--json", "--name", name}));
      EXPECT_EQ(result.exit_code, 3) << result.out;
      EXPECT_TRUE(contains(result.out, "name.blank")) << result.out;
   }
   const ProcessResult result = console_.run(console_.add_arguments({"--json", "--name", "One\u200B"}));
   EXPECT_EQ(result.exit_code, 3) << result.out;
   EXPECT_TRUE(contains(result.out, "input.invalid")) << result.out;
   EXPECT_TRUE(simulator_.journal().empty());
}

TEST_F(CommandLineFaults, a_check_that_cannot_be_kept_is_reported_all_the_same) {
   add();
   run_sql(console_.data_dir() / "console.db",
           "CREATE TRIGGER full BEFORE INSERT ON checks BEGIN SELECT RAISE(FAIL, 'no more'); END");
   const ProcessResult result = console_.run({"integration", "check", kDefaultName, "--json"});
   EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
   const auto report = document(result);
   EXPECT_STREQ(report["outcome"].GetString(), "accepted");
   ASSERT_EQ(report["findings"].Size(), 1U);
   EXPECT_STREQ(report["findings"][0]["code"].GetString(), "host.storage");
   EXPECT_STREQ(report["findings"][0]["severity"].GetString(), "warning");
}

TEST_F(CommandLineFaults, an_edit_that_somebody_else_overtakes_saves_nothing_and_says_so) {
   add();
   // The edit's first request waits for that of the check below.
   simulator_.server().hold_until(2, [arrived = 0](const sim::Request&) mutable { return ++arrived <= 2; });
   test_support::Process edit(console_.setup(
       {"integration", "edit", kDefaultName, "--name", "Mine", "--secret", "password=@env:THE_PASSWORD"}));
   ASSERT_TRUE(simulator_.server().wait_for([](const sim::Counters& counters) { return counters.under_way > 0; }));
   {
      console::Store store(console_.data_dir());
      auto record = store.integration(kDefaultName);
      ASSERT_TRUE(record);
      record->name = "Theirs";
      console::Store::Change change(store);
      change.update(*record);
      change.commit();
   }
   EXPECT_EQ(console_.run({"integration", "check", "Theirs"}).exit_code, 0);
   const ProcessResult result = edit.wait();
   EXPECT_EQ(result.exit_code, 6) << result.out << result.err;
   EXPECT_TRUE(contains(unbroken(result.out), "Somebody else changed the integration meanwhile. Nothing was changed"))
       << result.out;
   EXPECT_EQ(console_.run({"integration", "show", "Theirs"}).exit_code, 0);
}

TEST_F(CommandLineFaults, an_edit_leaves_the_name_that_somebody_else_gave_meanwhile) {
   add();
   // The edit's first request waits for that of the check below.
   simulator_.server().hold_until(2, [arrived = 0](const sim::Request&) mutable { return ++arrived <= 2; });
   test_support::Process edit(
       console_.setup({"integration", "edit", kDefaultName, "--secret", "password=@env:THE_PASSWORD"}));
   ASSERT_TRUE(simulator_.server().wait_for([](const sim::Counters& counters) { return counters.under_way > 0; }));
   EXPECT_EQ(console_.run({"integration", "edit", kDefaultName, "--name", "Theirs"}).exit_code, 0);
   EXPECT_EQ(console_.run({"integration", "check", "Theirs"}).exit_code, 0);
   EXPECT_EQ(edit.wait().exit_code, 0);
   EXPECT_EQ(console_.run({"integration", "show", "Theirs"}).exit_code, 0);
}

TEST_F(CommandLineFaults, an_edit_that_a_removal_overtakes_says_so) {
   add();
   // The edit's first request waits for that of the check below.
   simulator_.server().hold_until(2, [arrived = 0](const sim::Request&) mutable { return ++arrived <= 2; });
   test_support::Process edit(
       console_.setup({"integration", "edit", kDefaultName, "--json", "--secret", "password=@env:THE_PASSWORD"}));
   ASSERT_TRUE(simulator_.server().wait_for([](const sim::Counters& counters) { return counters.under_way > 0; }));
   EXPECT_EQ(console_.run({"integration", "remove", kDefaultName, "--yes"}).exit_code, 0);
   EXPECT_EQ(console_.run(console_.add_arguments({"--no-save"})).exit_code, 0);
   const ProcessResult result = edit.wait();
   EXPECT_EQ(result.exit_code, 8) << result.out << result.err;
   EXPECT_STREQ(document(result)["findings"][0]["code"].GetString(), "integration.missing");
}

TEST_F(CommandLineFaults, an_approved_plugin_that_cannot_be_loaded_any_more_is_told_by_who_needs_it) {
   const std::filesystem::path directory = console_.directory() / "one";
   std::filesystem::create_directory(directory);
   std::filesystem::copy(MSP_BROKEN_PLUGIN, directory);
   console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = directory.string();
   const auto before = document(console_.run({"plugin", "list", "--json"}));
   const auto& plugin = before["plugins"][1];  // after Autotask, whose file is not here
   EXPECT_STREQ(plugin["state"].GetString(), "available");
   // As if an earlier console had approved it while the library that it needs was there.
   std::filesystem::remove(console_.data_dir() / "approvals.sealed");
   run_sql(console_.data_dir() / "console.db",
           std::string("INSERT INTO approvals (plugin_id, sha256, enabled, decided_at) VALUES ('") +
               plugin["id"].GetString() + "', '" + plugin["sha256"].GetString() + "', 1, 1)");
   const auto after = document(console_.run({"plugin", "list", "--json"}));
   EXPECT_STREQ(after["plugins"][1]["state"].GetString(), "enabled") << "a list loads nothing";
   const ProcessResult used =
       console_.run({"integration", "add", "--platform", plugin["id"].GetString(), "--no-input", "--json"});
   EXPECT_EQ(used.exit_code, 9) << used.out << used.err;
   const auto report = document(used);
   EXPECT_STREQ(report["findings"][0]["code"].GetString(), "plugin.incompatible");
   EXPECT_TRUE(contains(report["findings"][0]["summary"].GetString(), "gone_dependency")) << "the library is named";
}

TEST_F(CommandLineFaults, a_secret_source_that_is_empty_is_told_as_such) {
   console_.environment["EMPTY"] = "";
   const std::filesystem::path file = console_.directory() / "empty";
   test_support::write_file(file, "\n");
   for (const std::string& source : {std::string("@env:EMPTY"), std::string("@stdin"), "@file:" + file.string()}) {
      const ProcessResult result = console_.run({"integration", "add", "--platform", "autotask", "--no-input", "--set",
                                                 "user_name=me", "--secret", "password=" + source});
      EXPECT_EQ(result.exit_code, 2) << source;
      EXPECT_TRUE(contains(unbroken(result.err), " for --secret password=SOURCE is empty.")) << result.err;
   }
}

TEST_F(CommandLineFaults, a_finding_names_its_field_to_people) {
   console_.environment["BLANK"] = " leading";
   const ProcessResult result =
       console_.run({"integration", "add", "--platform", "autotask", "--no-input", "--set", "user_name=me@msp.example",
                     "--secret", "password=@env:THE_PASSWORD", "--secret", "integration_code=@env:BLANK"});
   EXPECT_EQ(result.exit_code, 3) << result.out;
   EXPECT_TRUE(contains(result.out, "Error (Tracking identifier): ")) << result.out;
}

TEST_F(CommandLineFaults, an_approved_copy_that_somebody_altered_is_told_as_such_and_not_loaded) {
   add();
   const std::size_t before = simulator_.journal().size();
   for (const auto& copy : std::filesystem::recursive_directory_iterator(console_.data_dir() / "plugins")) {
      if (!copy.is_regular_file()) continue;
      const std::string bytes = test_support::read_file(copy.path());
      std::filesystem::permissions(copy.path(), std::filesystem::perms::owner_all);
      test_support::write_file(copy.path(), bytes + "x");
   }
   const ProcessResult result = console_.run({"integration", "check", kDefaultName, "--json"});
   EXPECT_EQ(result.exit_code, 9) << result.out << result.err;
   const auto report = document(result);
   ASSERT_EQ(report["findings"].Size(), 1U) << result.out;
   EXPECT_STREQ(report["findings"][0]["code"].GetString(), "plugin.modified");
   EXPECT_STREQ(report["findings"][0]["summary"].GetString(),
                "The approved copy of the plugin was changed after it was approved, so it is not loaded.");
   EXPECT_EQ(simulator_.journal().size(), before);
}

TEST_F(CommandLineFaults, files_that_may_not_grow_are_told_and_nothing_is_saved) {
   test_support::ProcessSetup setup = console_.setup(console_.add_arguments());
   setup.arguments.insert(setup.arguments.begin(), {"-c", "ulimit -f 8; exec \"$0\" \"$@\"", setup.program});
   setup.program = "/bin/sh";
   const ProcessResult result = test_support::run(setup);
   EXPECT_EQ(result.exit_code, 10) << result.out << result.err;
   EXPECT_TRUE(contains(unbroken(result.out + result.err), "What to do: ")) << result.out << result.err;
   EXPECT_TRUE(document(console_.run({"integration", "list", "--json"}))["integrations"].Empty());
}

#ifdef __linux__
TEST_F(CommandLineFaults, a_result_that_cannot_be_written_is_no_success) {
   for (const std::string command : {"integration list --json", "plugin list", "--help"}) {
      test_support::ProcessSetup setup = console_.setup({});
      setup.arguments = {"-c", "exec \"$0\" " + command + " >/dev/full", setup.program};
      setup.program = "/bin/sh";
      const ProcessResult result = test_support::run(setup);
      EXPECT_EQ(result.exit_code, 1) << command << result.err;
      EXPECT_TRUE(contains(unbroken(result.err), "could not be written to standard output")) << result.err;
   }
}
#endif

}  // namespace
