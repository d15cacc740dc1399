#include <gtest/gtest.h>

#include <algorithm>

#include "console_program.hpp"
#include "sim/wire/https_server.hpp"

using namespace msp;
using namespace msp::console::test;
using test_support::ProcessResult;

namespace {

constexpr const char* kDefaultName = "Integration with Autotask";

// What a script sees: the exit code, and the outcome in the one document.
void expect_check(const ProcessResult& result, int exit_code, const std::string& outcome, const std::string& code,
                  bool saved = false) {
   EXPECT_EQ(result.exit_code, exit_code) << result.out << result.err;
   const auto parsed = document(result);
   ASSERT_TRUE(parsed.HasMember("outcome")) << result.out;
   EXPECT_STREQ(parsed["schema"].GetString(), "msp.check/1");
   EXPECT_EQ(parsed["outcome"].GetString(), outcome);
   EXPECT_EQ(parsed["integration"]["saved"].GetBool(), saved);
   EXPECT_EQ(parsed["steps"].Size(), 4U);
   bool found = code.empty();
   for (const auto& finding : parsed["findings"].GetArray()) found = found || finding["code"].GetString() == code;
   EXPECT_TRUE(found) << code << " is not in " << result.out;
}

void expect_error(const ProcessResult& result, int exit_code, const std::string& code) {
   EXPECT_EQ(result.exit_code, exit_code) << result.out << result.err;
   const auto parsed = document(result);
   ASSERT_TRUE(parsed.HasMember("error")) << result.out;
   EXPECT_EQ(parsed["error"]["code"].GetString(), code);
   EXPECT_STRNE(parsed["error"]["summary"].GetString(), "");
}

class CommandLine : public testing::Test {
 protected:
   void SetUp() override { start(""); }

   void start(const std::string& scenario) {
      simulator_ = std::make_unique<sim::AutotaskSimulator>(scenario);
      console_.use(*simulator_);
      console_.enable_autotask();
      console_.sign_in_as(kGoodUser, kGoodSecret);
   }

   ProcessResult add(std::vector<std::string> more = {"--json"}) { return console_.run(console_.add_arguments(more)); }

   std::size_t integrations() {
      return document(console_.run({"integration", "list", "--json"}))["integrations"].Size();
   }

   std::unique_ptr<sim::AutotaskSimulator> simulator_;
   ConsoleProgram console_;
};

TEST_F(CommandLine, good_credentials_are_saved_after_two_requests) {
   expect_check(add(), 0, "accepted", "", true);
   EXPECT_EQ(simulator_->journal().size(), 2U);
   EXPECT_EQ(simulator_->signed_requests(), 1U);
   EXPECT_EQ(simulator_->writes(), 0U);
   const auto list = document(console_.run({"integration", "list", "--json"}));
   ASSERT_EQ(list["integrations"].Size(), 1U);
   EXPECT_STREQ(list["integrations"][0]["name"].GetString(), kDefaultName);
   EXPECT_STREQ(list["integrations"][0]["state"].GetString(), "active");
   EXPECT_STREQ(list["integrations"][0]["last_check"]["outcome"].GetString(), "accepted");
}

TEST_F(CommandLine, a_wrong_secret_is_refused_after_exactly_one_signed_request) {
   console_.sign_in_as(kGoodUser, "wrong-secret");
   expect_check(add(), 4, "refused", "auth.rejected");
   EXPECT_EQ(simulator_->signed_requests(), 1U);
   EXPECT_EQ(integrations(), 0U);
}

TEST_F(CommandLine, a_missing_right_is_named_and_nothing_is_saved) {
   console_.sign_in_as(kNoTicketEditing, kNoTicketEditingSecret);
   expect_check(add(), 5, "refused", "perm.missing");
   EXPECT_EQ(integrations(), 0U);
   const ProcessResult people = add({});
   EXPECT_EQ(people.exit_code, 5);
   EXPECT_NE(people.out.find("missing"), std::string::npos);
   EXPECT_NE(people.out.find("Tickets - update"), std::string::npos);
   EXPECT_NE(people.out.find("Nothing was saved"), std::string::npos);
   EXPECT_NE(people.out.find(" others granted (--verbose lists them)"), std::string::npos) << people.out;
   EXPECT_EQ(people.out.find("Tickets - query"), std::string::npos) << people.out;
   const ProcessResult verbose = add({"--verbose"});
   EXPECT_LT(verbose.out.find("Tickets - update"), verbose.out.find("Tickets - query"))
       << "what is missing comes first";
   EXPECT_EQ(verbose.out.find("others granted"), std::string::npos) << verbose.out;
}

TEST_F(CommandLine, a_check_without_saving_saves_nothing) {
   expect_check(add({"--json", "--no-save"}), 0, "accepted", "");
   EXPECT_EQ(integrations(), 0U);
}

TEST_F(CommandLine, a_taken_name_is_a_conflict_before_anything_is_sent) {
   ASSERT_EQ(add().exit_code, 0);
   const std::size_t before = simulator_->journal().size();
   const ProcessResult again = add({"--json", "--name", "  integration WITH autotask"});
   expect_check(again, 7, "conflict", "name.duplicate");
   EXPECT_NE(again.out.find("integration WITH autotask 2"), std::string::npos) << "a free name is offered";
   EXPECT_EQ(simulator_->journal().size(), before);
   const ProcessResult unnamed = add();
   expect_check(unnamed, 7, "conflict", "account.already_connected");
   EXPECT_NE(unnamed.out.find("\"Integration with Autotask 2\""), std::string::npos) << "the first free name is taken";
}

TEST_F(CommandLine, a_connected_account_is_a_conflict) {
   ASSERT_EQ(add().exit_code, 0);
   expect_check(add({"--json", "--name", "Second"}), 7, "conflict", "account.already_connected");
   EXPECT_EQ(integrations(), 1U);
}

TEST_F(CommandLine, bad_settings_are_refused_before_anything_is_sent) {
   expect_check(add({"--json", "--name", " "}), 3, "invalid_settings", "name.blank");
   expect_check(add({"--json", "--set", "nonsense=1"}), 3, "invalid_settings", "input.invalid");
   console_.sign_in_as("", kGoodSecret);
   expect_check(add(), 3, "invalid_settings", "input.required");
   console_.sign_in_as(kGoodUser, "two\nlines");
   expect_check(add(), 3, "invalid_settings", "input.invalid");
   EXPECT_TRUE(simulator_->journal().empty());
}

TEST_F(CommandLine, an_unreachable_platform_means_try_again) {
   std::string pairs;
   for (const std::string& pair : simulator_->connect_to()) {
      // Port 1 of this machine is where nobody listens.
      pairs += (pairs.empty() ? "" : ",") + pair.substr(0, pair.rfind(':')) + ":1";
   }
   console_.environment["MSP_CONSOLE_CONNECT_TO"] = pairs;
   expect_check(add(), 6, "unreachable", "net.connect");
}

TEST_F(CommandLine, a_certificate_of_nobody_known_is_refused) {
   console_.environment.erase("MSP_CONSOLE_CACERT");
   expect_check(add(), 6, "unreachable", "net.tls_untrusted");
   EXPECT_TRUE(simulator_->journal().empty());
}

TEST_F(CommandLine, an_unknown_plugin_is_no_such_thing_and_a_disabled_one_unusable) {
   expect_check(console_.run({"integration", "add", "--platform", "nope", "--json"}), 8, "incompatible",
                "plugin.missing");
   ASSERT_EQ(console_.run({"plugin", "disable", "autotask"}).exit_code, 0);
   expect_check(add(), 9, "incompatible", "plugin.not_enabled");
   expect_error(console_.run({"plugin", "show", "nope", "--json"}), 8, "plugin.missing");
}

TEST_F(CommandLine, a_literal_secret_is_refused_and_not_repeated) {
   for (const char* argument : {"--secret=password=hunter2hunter2", "--set=password=hunter2hunter2"}) {
      const ProcessResult result = console_.run(
          {"integration", "add", "--platform", "autotask", "--set", "user_name=x", argument, "--no-input"});
      EXPECT_EQ(result.exit_code, 2) << argument;
      EXPECT_NE(result.err.find("@file:PATH"), std::string::npos) << result.err;
      EXPECT_EQ((result.out + result.err).find("hunter2"), std::string::npos);
   }
   const ProcessResult preset =
       console_.run({"plugin", "list", "--preset", "autotask.integration_code=hunter2hunter2"});
   EXPECT_EQ(preset.exit_code, 2);
   EXPECT_EQ((preset.out + preset.err).find("hunter2"), std::string::npos);
   const ProcessResult stray = console_.run({"integration", "add", "--platform", "autotask", "hunter2hunter2"});
   EXPECT_EQ(stray.exit_code, 2);
   EXPECT_EQ((stray.out + stray.err).find("hunter2"), std::string::npos);
   EXPECT_TRUE(simulator_->journal().empty());
}

TEST_F(CommandLine, what_is_missing_is_named_when_nobody_can_be_asked) {
   const ProcessResult secret =
       console_.run({"integration", "add", "--platform", "autotask", "--set", "user_name=x", "--no-input"});
   EXPECT_EQ(secret.exit_code, 2);
   EXPECT_NE(secret.err.find("--secret password=SOURCE"), std::string::npos) << secret.err;
   const ProcessResult value = console_.run({"integration", "add", "--platform", "autotask", "--no-input"});
   EXPECT_EQ(value.exit_code, 2);
   EXPECT_NE(value.err.find("--set user_name=VALUE"), std::string::npos) << value.err;
}

TEST_F(CommandLine, usage_errors_are_documents_too) {
   const std::vector<std::vector<std::string>> cases = {
       {"--json"},
       {"--json", "nonsense"},
       {"--json", "integration", "add"},
       {"--json", "integration", "list", "--nonsense"},
       {"integration", "remove", "--json"},
       {"--json", "--timeout", "never", "plugin", "list"},
       {"--json", "integration", "add", "--platform", "autotask", "--set", "user_name"},
   };
   for (const auto& arguments : cases) expect_error(console_.run(arguments), 2, "usage");
}

TEST_F(CommandLine, each_secret_source_gives_the_secret_without_its_last_line_end) {
   const std::filesystem::path file = console_.directory() / "secret";
   test_support::write_file(file, std::string(kGoodSecret) + "\n");
   const std::vector<std::string> common = {"integration", "add",        "--platform",
                                            "autotask",    "--no-input", "--no-save",
                                            "--json",      "--set",      std::string("user_name=") + kGoodUser};
   const auto run = [&](std::vector<std::string> more, const std::string& input) {
      more.insert(more.begin(), common.begin(), common.end());
      return console_.run(more, input);
   };
   expect_check(run({"--secret", "password=@file:" + file.string(), "--secret", "integration_code=@env:THE_CODE"}, ""),
                0, "accepted", "");
   expect_check(run({"--secret", "password=@stdin", "--secret", "integration_code=@env:THE_CODE"},
                    std::string(kGoodSecret) + "\r\n"),
                0, "accepted", "");
   expect_error(run({"--secret", "password=@stdin", "--secret", "integration_code=@stdin"}, "x"), 2, "usage");
   expect_error(run({"--secret", "password=@env:NOT_SET", "--secret", "integration_code=@env:THE_CODE"}, ""), 2,
                "usage");
   expect_error(run({"--secret", "password=@file:/nowhere", "--secret", "integration_code=@env:THE_CODE"}, ""), 2,
                "usage");
   expect_error(run({"--secret", "password=@prompt", "--secret", "integration_code=@env:THE_CODE"}, ""), 2, "usage");
}

TEST_F(CommandLine, a_preset_fills_its_field_and_serves_later_checks) {
   const ProcessResult added =
       console_.run({"integration", "add", "--platform", "autotask", "--no-input", "--json", "--set",
                     std::string("user_name=") + kGoodUser, "--secret", "password=@env:THE_PASSWORD", "--preset",
                     "autotask.integration_code=@env:THE_CODE"});
   expect_check(added, 0, "accepted", "", true);
   expect_check(console_.run({"integration", "check", kDefaultName, "--json"}), 0, "accepted", "", true);
}

TEST_F(CommandLine, a_saved_integration_can_be_checked_shown_and_removed) {
   ASSERT_EQ(add().exit_code, 0);
   expect_check(console_.run({"integration", "check", kDefaultName, "--json"}), 0, "accepted", "", true);
   const auto shown = document(console_.run({"integration", "show", kDefaultName, "--json"}));
   EXPECT_EQ(shown["history"].Size(), 2U);
   EXPECT_EQ(shown["secrets"].Size(), 2U);
   EXPECT_FALSE(shown["secrets"][0].HasMember("value"));
   const ProcessResult people = console_.run({"integration", "show", kDefaultName});
   EXPECT_NE(people.out.find(kGoodUser), std::string::npos) << people.out;

   expect_error(console_.run({"integration", "remove", kDefaultName, "--json", "--no-input"}), 2, "usage");
   EXPECT_EQ(integrations(), 1U);
   EXPECT_EQ(console_.run({"integration", "remove", kDefaultName, "--yes"}).exit_code, 0);
   EXPECT_EQ(integrations(), 0U);
   expect_error(console_.run({"integration", "check", kDefaultName, "--json"}), 8, "integration.missing");
}

TEST_F(CommandLine, an_edit_that_is_refused_leaves_the_old_settings_serving) {
   ASSERT_EQ(add().exit_code, 0);
   console_.environment["OTHER"] = "not-the-password";
   expect_check(console_.run({"integration", "edit", kDefaultName, "--secret", "password=@env:OTHER", "--json"}), 4,
                "refused", "auth.rejected");
   expect_check(console_.run({"integration", "check", kDefaultName, "--json"}), 0, "accepted", "", true);
}

TEST_F(CommandLine, an_edit_can_rename_and_keeps_the_secrets) {
   ASSERT_EQ(add().exit_code, 0);
   expect_check(console_.run({"integration", "edit", kDefaultName, "--name", "Renamed", "--json"}), 0, "accepted", "",
                true);
   expect_check(console_.run({"integration", "check", "renamed", "--json"}), 0, "accepted", "", true);
}

TEST_F(CommandLine, another_name_needs_neither_platform_nor_plugin) {
   ASSERT_EQ(add().exit_code, 0);
   const std::size_t before = simulator_->journal().size();
   std::filesystem::create_directory(console_.directory() / "nothing");
   console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = (console_.directory() / "nothing").string();
   const ProcessResult renamed = console_.run({"integration", "edit", kDefaultName, "--name", "Renamed"});
   EXPECT_EQ(renamed.exit_code, 0) << renamed.out << renamed.err;
   EXPECT_NE(renamed.out.find("Renamed."), std::string::npos) << renamed.out;
   EXPECT_EQ(simulator_->journal().size(), before);
   EXPECT_EQ(console_.run({"integration", "show", "Renamed"}).exit_code, 0);
   expect_check(console_.run({"integration", "edit", "Renamed", "--name", " ", "--json"}), 3, "invalid_settings",
                "name.blank");
}

TEST_F(CommandLine, of_a_missing_right_purpose_way_to_grant_and_evidence_stand_together) {
   console_.sign_in_as(kNoTicketEditing, kNoTicketEditingSecret);
   const ProcessResult refused = console_.run(console_.add_arguments());
   EXPECT_EQ(refused.exit_code, 5);
   const std::size_t right = refused.out.find("x missing: Tickets - update (required)\n    Used for: ");
   const std::size_t grant = refused.out.find("    To grant it: In Autotask, open Admin", right);
   const std::size_t seen = refused.out.find("    Seen: canUpdate=true", grant);
   EXPECT_LT(seen, refused.out.find("others granted", seen)) << refused.out;
   EXPECT_EQ(refused.out.find("What to do: In Autotask, open Admin"), std::string::npos) << "once is enough";
}

TEST_F(CommandLine, a_list_has_one_line_a_row_that_fits_the_terminal_and_all_columns_when_asked) {
   const std::string name = "Client 0199 of the northern region, main office and workshop";
   ASSERT_EQ(add({"--name", name}).exit_code, 0);
   const std::string listed = console_.run({"integration", "list"}).out;
   EXPECT_EQ(std::ranges::count(listed, '\n'), 2) << listed;
   EXPECT_NE(listed.find("Client 0199 of the"), std::string::npos) << listed;
   EXPECT_EQ(listed.find(name), std::string::npos) << listed;
   EXPECT_NE(listed.find("now"), std::string::npos) << listed;
   for (std::size_t begin = 0; begin < listed.size(); begin = listed.find('\n', begin) + 1)
      EXPECT_LE(listed.find('\n', begin) - begin, 80U) << listed;
   const std::string wide = console_.run({"integration", "list", "--wide"}).out;
   EXPECT_NE(wide.find(name), std::string::npos) << wide;
   EXPECT_NE(wide.find(kGoodUser), std::string::npos) << wide;
}

TEST_F(CommandLine, an_add_at_a_terminal_asks_for_platform_name_and_choices) {
   auto arguments = console_.add_arguments();
   const auto platform = std::ranges::find(arguments, "--platform");
   ASSERT_NE(platform, arguments.end());
   arguments.erase(platform, platform + 2);
   const ProcessResult nobody = console_.run(arguments);
   EXPECT_EQ(nobody.exit_code, 2) << "nobody can be asked";
   EXPECT_NE(nobody.err.find("--platform is missing"), std::string::npos) << nobody.err;
   std::erase(arguments, "--no-input");
   int exit_code = -1;
   const std::string shown = at_a_terminal(console_.setup(arguments), "9\n1\n\n", exit_code);
   EXPECT_EQ(exit_code, 0) << shown;
   EXPECT_NE(shown.find("Platform\r\n  1  Autotask\r\n"), std::string::npos) << shown;
   EXPECT_NE(shown.find("Integration name [Integration with Autotask]: "), std::string::npos) << shown;
   EXPECT_EQ(integrations(), 1U);
}

TEST_F(CommandLine, the_version_is_told) {
   const ProcessResult told = console_.run({"--version"});
   EXPECT_EQ(told.exit_code, 0);
   EXPECT_EQ(told.out.find("msp-console 1."), 0U) << told.out;
}

TEST_F(CommandLine, another_account_demands_every_secret_again) {
   ASSERT_EQ(add().exit_code, 0);
   const std::size_t before = simulator_->journal().size();
   const std::string other = std::string("user_name=") + kNoTicketEditing;
   const ProcessResult refused = console_.run({"integration", "edit", kDefaultName, "--set", other, "--no-input"});
   EXPECT_EQ(refused.exit_code, 2);
   EXPECT_NE(refused.err.find("--secret password=SOURCE"), std::string::npos) << refused.err;
   EXPECT_EQ(simulator_->journal().size(), before) << "a saved secret was sent for another account";
}

TEST_F(CommandLine, options_stand_before_or_after_the_command) {
   const auto before = document(console_.run({"--json", "plugin", "list"}));
   const auto after = document(console_.run({"plugin", "list", "--json"}));
   EXPECT_EQ(before["plugins"].Size(), after["plugins"].Size());
}

TEST_F(CommandLine, a_configuration_file_gives_options) {
   const std::filesystem::path file = console_.directory() / "console.toml";
   test_support::write_file(file, "json = true\nno-input = true\n");
   EXPECT_TRUE(document(console_.run({"plugin", "list", "--config", file.string()})).HasMember("plugins"));
}

TEST_F(CommandLine, the_environment_can_name_the_configuration_file) {
   const auto file = console_.directory() / "console.toml";
   test_support::write_file(file, "json = true\n");
   console_.environment["MSP_CONSOLE_CONFIG"] = file.string();
   EXPECT_TRUE(document(console_.run({"plugin", "list"})).HasMember("plugins"));
   test_support::write_file(file, "jsonn = true\n");
   EXPECT_EQ(console_.run({"plugin", "list"}).exit_code, 2);
   console_.environment["MSP_CONSOLE_CONFIG"] = (console_.directory() / "none.toml").string();
   EXPECT_EQ(console_.run({"plugin", "list"}).exit_code, 2);
}

TEST_F(CommandLine, a_plugin_is_enabled_only_by_a_yes) {
   ASSERT_EQ(console_.run({"plugin", "disable", "autotask"}).exit_code, 0);
   const ProcessResult asked = console_.run({"plugin", "enable", "autotask", "--no-input"});
   EXPECT_EQ(asked.exit_code, 2);
   for (const char* shown : {"webservices*.autotask.net", "SHA-256", "Tickets - update", "Vendor"}) {
      EXPECT_NE(asked.out.find(shown), std::string::npos) << shown;
   }
   const auto plugins = document(console_.run({"plugin", "list", "--json"}));
   for (const auto& plugin : plugins["plugins"].GetArray()) {
      if (std::string_view(plugin["id"].GetString()) != "autotask") continue;
      EXPECT_STREQ(plugin["state"].GetString(), "disabled");
   }
}

TEST_F(CommandLine, an_integration_whose_plugin_is_gone_can_be_seen_and_removed) {
   ASSERT_EQ(add().exit_code, 0);
   const std::filesystem::path empty = console_.directory() / "no-plugins";
   std::filesystem::create_directory(empty);
   console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = empty.string();
   const auto list = document(console_.run({"integration", "list", "--json"}));
   ASSERT_EQ(list["integrations"].Size(), 1U);
   EXPECT_STREQ(list["integrations"][0]["state"].GetString(), "needs_attention");
   expect_check(console_.run({"integration", "check", kDefaultName, "--json"}), 9, "incompatible", "plugin.missing",
                true);
   const ProcessResult people = console_.run({"integration", "check", kDefaultName});
   EXPECT_EQ(people.exit_code, 9);
   EXPECT_NE(people.out.find("The plugin cannot be used."), std::string::npos) << people.out;
   EXPECT_EQ(console_.run({"integration", "show", kDefaultName}).exit_code, 0);
   EXPECT_EQ(console_.run({"integration", "remove", kDefaultName, "--yes"}).exit_code, 0);
}

TEST_F(CommandLine, a_lost_key_makes_the_integration_unreadable_and_nothing_else) {
   ASSERT_EQ(add().exit_code, 0);
   std::filesystem::remove(console_.data_dir() / "key-encryption.key");
   const std::size_t before = simulator_->journal().size();
   expect_check(console_.run({"integration", "check", kDefaultName, "--json"}), 10, "failed", "host.secret_unreadable",
                true);
   expect_check(add({"--json", "--name", "Second"}), 10, "failed", "host.secret_unreadable");
   EXPECT_EQ(simulator_->journal().size(), before);
   EXPECT_EQ(integrations(), 1U);
   EXPECT_FALSE(std::filesystem::exists(console_.data_dir() / "key-encryption.key"));
}

TEST_F(CommandLine, a_damaged_database_is_one_sentence_and_stays_as_it_is) {
   const std::string damage(4'096, 'x');
   const std::filesystem::path file = console_.data_dir() / "console.db";
   for (const char* companion : {"-wal", "-shm"}) std::filesystem::remove(file.string() + companion);
   test_support::write_file(file, damage);
   expect_error(console_.run({"integration", "list", "--json"}), 10, "host.storage");
   EXPECT_EQ(test_support::read_file(file), damage);
}

TEST_F(CommandLine, the_plain_output_is_readable_without_colour_or_unicode) {
   const ProcessResult result = add({});
   EXPECT_EQ(result.exit_code, 0);
   EXPECT_EQ(result.out.find('\033'), std::string::npos);
   EXPECT_EQ(result.out.find("\u2713"), std::string::npos) << "the C locale has no ticks";
   EXPECT_NE(result.out.find("+ The integration is saved."), std::string::npos) << result.out;
   EXPECT_EQ(result.err, "");
}

TEST_F(CommandLine, each_document_says_what_it_is) {
   const auto schema = [&](std::vector<std::string> arguments) {
      arguments.emplace_back("--json");
      const auto parsed = document(console_.run(arguments));
      return parsed.HasMember("schema") ? std::string(parsed["schema"].GetString()) : "none";
   };
   ASSERT_EQ(add().exit_code, 0);
   EXPECT_EQ(schema({"plugin", "list"}), "msp.plugins/1");
   EXPECT_EQ(schema({"plugin", "show", "autotask"}), "msp.plugin/1");
   EXPECT_EQ(schema({"platform", "requirements", "autotask"}), "msp.plugin/1");
   EXPECT_EQ(schema({"secrets", "status"}), "msp.secrets/1");
   EXPECT_EQ(schema({"integration", "list"}), "msp.integrations/1");
   EXPECT_EQ(schema({"integration", "show", kDefaultName}), "msp.integration/1");
   EXPECT_EQ(schema({"integration", "show", "nobody"}), "msp.error/1");
   EXPECT_EQ(schema({"integration", "check", kDefaultName}), "msp.check/1");
   EXPECT_EQ(schema({"integration", "check", "--all"}), "msp.checks/1");
   EXPECT_EQ(schema({"integration", "request", kDefaultName, "GET", "V1.0/Tickets/entityInformation"}),
             "msp.response/1");
   EXPECT_EQ(schema({"integration", "remove", kDefaultName, "--yes"}), "msp.removed/1");
}

TEST_F(CommandLine, what_is_shown_of_an_integration_names_the_platform_and_its_permissions) {
   ASSERT_EQ(add().exit_code, 0);
   const auto shown = console_.run({"integration", "show", kDefaultName});
   EXPECT_NE(shown.out.find("Platform "), std::string::npos) << shown.out;
   EXPECT_EQ(shown.out.find("autotask\n"), std::string::npos) << shown.out;
   EXPECT_NE(shown.out.find("Permissions\n  + 14 granted (--verbose lists them)"), std::string::npos) << shown.out;
   const auto all = console_.run({"integration", "show", kDefaultName, "--verbose"});
   EXPECT_NE(all.out.find("  + granted: Tickets - update (required)\n"), std::string::npos) << all.out;
}

TEST_F(CommandLine, a_traced_check_tells_each_request_and_no_value) {
   const auto plain = document(add());
   EXPECT_FALSE(plain.HasMember("requests"));
   const auto traced = document(console_.run({"integration", "check", kDefaultName, "--trace", "--json"}));
   ASSERT_TRUE(traced.HasMember("requests"));
   ASSERT_EQ(traced["requests"].Size(), 2U);
   for (const auto& request : traced["requests"].GetArray()) {
      EXPECT_STREQ(request["method"].GetString(), "GET");
      EXPECT_EQ(request["status"].GetInt(), 200);
      EXPECT_TRUE(request["problem"].IsNull());
      EXPECT_GE(request["ms"].GetInt(), 0);
   }
   EXPECT_STREQ(traced["requests"][0]["step"].GetString(), "validate_credentials");
   EXPECT_STREQ(traced["requests"][0]["host"].GetString(), "webservices.autotask.net");
   EXPECT_STREQ(traced["requests"][0]["path"].GetString(), "/atservicesrest/v1.0/zoneInformation");

   const ProcessResult people = console_.run({"integration", "check", kDefaultName, "--trace"});
   EXPECT_NE(people.out.find("Requests\n  GET  200  "), std::string::npos) << people.out;
   EXPECT_NE(people.out.find("  webservices.autotask.net/atservicesrest/v1.0/zoneInformation\n"), std::string::npos)
       << people.out;
   EXPECT_EQ(people.out.find("user="), std::string::npos) << people.out;
   EXPECT_EQ(console_.run({"integration", "check", kDefaultName}).out.find("Requests"), std::string::npos);
   EXPECT_EQ(console_.run({"integration", "check", "--all", "--trace"}).exit_code, 2);
}

TEST_F(CommandLine, control_c_during_a_check_of_all_blames_no_integration) {
   ASSERT_EQ(add().exit_code, 0);
   simulator_->server().hold_until(1'000);  // which never come
   test_support::Process process(console_.setup({"integration", "check", "--all"}));
   ASSERT_TRUE(simulator_->server().wait_for([](const sim::Counters& counters) { return counters.under_way > 0; }));
   process.interrupt();
   const ProcessResult result = process.wait();
   EXPECT_EQ(result.exit_code, 130);
   EXPECT_NE(result.out.find("Checked 0 of 1: 1 not checked (cancelled)."), std::string::npos) << result.out;
   EXPECT_EQ(result.out.find("needs attention"), std::string::npos) << result.out;
}

TEST_F(CommandLine, control_c_ends_a_check_with_130) {
   simulator_->server().hold_until(1'000);  // which never come
   test_support::Process process(console_.setup(console_.add_arguments({"--json"})));
   ASSERT_TRUE(simulator_->server().wait_for([](const sim::Counters& counters) { return counters.requests > 0; }));
   process.interrupt();
   expect_check(process.wait(), 130, "cancelled", "host.cancelled");
   EXPECT_EQ(integrations(), 0U);
}

}  // namespace
