// What becomes of saved secrets when somebody writes into the database past the console.
#include <gtest/gtest.h>

#include "console_program.hpp"
#include "sim/kaseya_vsa/kaseya_vsa_sim.hpp"
#include "tests/store/plain_sqlite.hpp"

using namespace msp;
using namespace msp::console::test;
using test_support::ProcessResult;

namespace {

constexpr const char* kName = "Kaseya";

class Tampering : public testing::Test {
 protected:
   void SetUp() override {
      console_.use(simulator_);
      // Requests to the attacker's address would arrive, and be seen.
      console_.environment["MSP_CONSOLE_CONNECT_TO"] +=
          ",evil.example:443:127.0.0.1:" + std::to_string(simulator_.port());
      console_.environment["THE_TOKEN"] = "0f1e2d3c-0000-4000-8000-000000000001";
      ASSERT_EQ(console_.run({"plugin", "enable", "kaseya_vsa", "--yes"}).exit_code, 0);
      const ProcessResult added = console_.run({"integration", "add", "--platform", "kaseya_vsa", "--name", kName,
                                                "--no-input", "--set", "server=https://vsa.example.com", "--set",
                                                "user_name=console", "--secret", "pat=@env:THE_TOKEN"});
      ASSERT_EQ(added.exit_code, 0) << added.out << added.err;
   }

   void tamper(const std::string& sql) const { run_sql(console_.data_dir() / "console.db", sql); }

   sim::KaseyaVsaSimulator simulator_;
   ConsoleProgram console_;
};

TEST_F(Tampering, a_secret_whose_address_was_changed_in_the_database_is_sent_nowhere) {
   tamper("UPDATE settings SET value = 'https://evil.example' WHERE field = 'server'");
   const std::size_t before = simulator_.journal().size();
   for (const std::vector<std::string>& command :
        {std::vector<std::string>{"integration", "check", kName, "--json"},
         std::vector<std::string>{"integration", "edit", kName, "--json", "--no-input", "--set",
                                  "user_name=console"}}) {
      const ProcessResult result = console_.run(command);
      EXPECT_EQ(result.exit_code, 10) << result.out << result.err;
      const auto report = document(result);
      ASSERT_TRUE(report.HasMember("findings") && report["findings"].Size() == 1) << result.out;
      EXPECT_STREQ(report["findings"][0]["code"].GetString(), "host.secret_unreadable");
      EXPECT_STREQ(report["findings"][0]["field"].GetString(), "pat");
   }
   EXPECT_EQ(simulator_.journal().size(), before) << "nothing may be sent";
   const ProcessResult listed = console_.run({"integration", "list", "--json"});
   EXPECT_EQ(listed.exit_code, 0);
   EXPECT_STREQ(document(listed)["integrations"][0]["state"].GetString(), "needs_attention");
}

// A list that opened the secrets would see at once that this one is damaged.
TEST_F(Tampering, a_list_opens_no_secret_and_the_next_check_finds_the_damaged_one) {
   const auto entry = [&] { return document(console_.run({"integration", "list", "--json"})); };
   tamper("UPDATE settings SET sealed = CAST(substr(sealed, 1, 30) AS BLOB) WHERE sealed IS NOT NULL");
   EXPECT_STREQ(entry()["integrations"][0]["state"].GetString(), "active");

   const ProcessResult checked = console_.run({"integration", "check", kName, "--json"});
   EXPECT_EQ(checked.exit_code, 10) << checked.out << checked.err;
   EXPECT_STREQ(entry()["integrations"][0]["state"].GetString(), "needs_attention");
   const ProcessResult listed = console_.run({"integration", "list", "--json"});
   EXPECT_NE(listed.out.find("The saved secrets could not be read at the last check."), std::string::npos)
       << listed.out;
}

TEST_F(Tampering, an_edit_with_the_right_address_and_the_secret_makes_it_whole_again) {
   tamper("UPDATE settings SET value = 'https://evil.example' WHERE field = 'server'");
   const ProcessResult edited = console_.run({"integration", "edit", kName, "--no-input", "--set",
                                              "server=https://vsa.example.com", "--secret", "pat=@env:THE_TOKEN"});
   EXPECT_EQ(edited.exit_code, 0) << edited.out << edited.err;
   EXPECT_EQ(console_.run({"integration", "check", kName}).exit_code, 0);
}

TEST_F(Tampering, a_secret_is_not_handed_to_another_plugin) {
   console_.enable_autotask();
   tamper("UPDATE integrations SET platform = 'autotask'; UPDATE settings SET field = 'password' WHERE field = 'pat'");
   const std::size_t before = simulator_.journal().size();
   EXPECT_EQ(console_.run({"integration", "check", kName}).exit_code, 10);
   EXPECT_EQ(simulator_.journal().size(), before) << "nothing may be sent";
}

// Nobody reads the address of an integration before typing its new password.
TEST_F(Tampering, a_secret_typed_now_is_not_sent_to_an_address_that_somebody_wrote_into_the_database) {
   const std::string cases[] = {
       "UPDATE settings SET value = 'https://evil.example' WHERE field = 'server'",
       "UPDATE settings SET value = 'https://evil.example' WHERE field = 'server'; DELETE FROM settings WHERE sealed "
       "IS "
       "NOT NULL",
       "INSERT INTO integrations (id, name, name_key, platform, enabled, account, label, principal, endpoint, "
       "revision, "
       "created_at, changed_at) SELECT 99, 'Decoy', 'decoy', platform, 1, 'x', '', 'y', '', 1, 1, 1 FROM "
       "integrations; UPDATE integrations SET name = 'Gone', name_key = 'gone' WHERE id = 1; UPDATE integrations SET "
       "name = 'Kaseya', name_key = 'kaseya' WHERE id = 99; INSERT INTO settings VALUES "
       "(99, 'server', 'https://evil.example', NULL, NULL, 0, 1), (99, 'user_name', 'console', NULL, NULL, 0, 1)",
   };
   for (const std::string& sql : cases) {
      SCOPED_TRACE(sql);
      tamper(sql);
      const std::size_t before = simulator_.journal().size();
      const ProcessResult edited =
          console_.run({"integration", "edit", kName, "--no-input", "--json", "--secret", "pat=@env:THE_TOKEN"});
      EXPECT_EQ(edited.exit_code, 3) << edited.out << edited.err;
      const auto report = document(edited);
      ASSERT_TRUE(report.HasMember("findings") && report["findings"].Size() == 1) << edited.out;
      EXPECT_STREQ(report["findings"][0]["field"].GetString(), "server");
      EXPECT_STREQ(report["findings"][0]["summary"].GetString(),
                   "\"VSA server\" must be entered again: no saved secret proves that it was not changed outside the "
                   "console.");
      EXPECT_EQ(simulator_.journal().size(), before) << "nothing may be sent";
   }
}

TEST_F(Tampering, an_address_that_no_secret_proves_is_marked_where_it_is_shown) {
   const auto unproven = [&](const std::string& field) {
      const auto shown = document(console_.run({"integration", "show", kName, "--json"}));
      for (const auto& setting : shown["settings"].GetArray())
         if (setting["field"].GetString() == field) return setting["unproven"].GetBool();
      ADD_FAILURE() << field;
      return false;
   };
   const std::string words = "no saved secret proves";
   EXPECT_FALSE(unproven("server"));
   EXPECT_EQ(console_.run({"integration", "show", kName}).out.find(words), std::string::npos);
   tamper("UPDATE settings SET value = 'https://evil.example' WHERE field = 'server'");
   EXPECT_TRUE(unproven("server"));
   EXPECT_FALSE(unproven("auth_method")) << "no secret is sent there";
   EXPECT_NE(console_.run({"integration", "show", kName}).out.find(words), std::string::npos);
}

TEST_F(Tampering, approving_another_plugin_in_the_database_hands_it_no_secret) {
   console_.enable_autotask();
   const std::string swapped[] = {
       "UPDATE approvals SET sha256 = (SELECT sha256 FROM approvals WHERE plugin_id = 'autotask') WHERE plugin_id = "
       "'kaseya_vsa'",
       "UPDATE approvals SET (sha256, sealed, data_key) = (SELECT sha256, sealed, data_key FROM approvals WHERE "
       "plugin_id = 'autotask') WHERE plugin_id = 'kaseya_vsa'",
   };
   for (const std::string& sql : swapped) {
      tamper(sql);
      const std::size_t before = simulator_.journal().size();
      for (const std::vector<std::string>& command :
           {std::vector<std::string>{"integration", "check", kName, "--json"},
            std::vector<std::string>{"integration", "edit", kName, "--json", "--no-input", "--secret",
                                     "pat=@env:THE_TOKEN"}}) {
         const ProcessResult result = console_.run(command);
         EXPECT_EQ(result.exit_code, 9) << result.out << result.err;
         EXPECT_STREQ(document(result)["findings"][0]["code"].GetString(), "plugin.modified");
      }
      EXPECT_EQ(simulator_.journal().size(), before) << "nothing may be sent";
   }
   const auto plugins = document(console_.run({"plugin", "list", "--json"}));
   EXPECT_STREQ(plugins["plugins"][1]["state"].GetString(), "failed");
   EXPECT_STREQ(
       plugins["plugins"][1]["reason"].GetString(),
       "The approval of the plugin \"kaseya_vsa\" was changed outside the console, so the plugin is not used.");
   EXPECT_EQ(console_.run({"plugin", "enable", "kaseya_vsa", "--yes"}).exit_code, 0);
   EXPECT_EQ(console_.run({"integration", "check", kName}).exit_code, 0) << "a new decision makes it whole again";
}

// What each column may do in the hands of somebody who can write the database alone. A new one is decided here first.
TEST_F(Tampering, every_column_of_the_database_is_decided) {
   const std::map<std::string, std::string> decided = {
       {"store.id", "bound: nothing sealed opens under another"},
       {"store.name_key_version", "names only: how they are compared"},
       {"approvals.plugin_id", "bound"},
       {"approvals.sha256", "bound"},
       {"approvals.enabled", "bound: switching off needs no proof"},
       {"approvals.isolation", "bound"},
       {"approvals.decided_at", "shown to nobody"},
       {"approvals.sealed", "the seal"},
       {"approvals.data_key", "names the key of the seal"},
       {"plugin_ends.plugin_id", "stops a plugin at most, until it is enabled again"},
       {"plugin_ends.sha256", "likewise"},
       {"plugin_ends.operation", "likewise, and shown"},
       {"plugin_ends.hung", "shown"},
       {"plugin_ends.at", "shown to nobody"},
       {"quarantine.sha256", "stops a plugin at most, until it is released"},
       {"quarantine.ends", "likewise"},
       {"quarantine.times", "likewise"},
       {"quarantine.until", "likewise"},
       {"quarantine.until_released", "likewise"},
       {"integrations.id", "bound"},
       {"integrations.platform", "bound"},
       {"integrations.name", "shown; what it leads to is bound"},
       {"integrations.name_key", "likewise"},
       {"integrations.enabled", "a secret still goes to its own address only"},
       {"integrations.account", "compared and shown"},
       {"integrations.label", "shown"},
       {"integrations.principal", "compared and shown"},
       {"integrations.endpoint", "shown"},
       {"integrations.revision", "tells edits apart"},
       {"integrations.created_at", "shown"},
       {"integrations.changed_at", "shown"},
       {"integrations.refused_at", "a secret is tried again at its own address only"},
       {"integrations.unclear_refusals", "likewise"},
       {"integrations.unclear_at", "likewise"},
       {"data_keys.id", "a key that is not the right one opens nothing"},
       {"data_keys.sealed_by", "bound"},
       {"data_keys.sealed", "the seal"},
       {"data_keys.created_at", "shown to nobody"},
       {"settings.integration", "bound"},
       {"settings.field", "bound"},
       {"settings.value", "bound by every secret of the integration"},
       {"settings.sealed", "the seal"},
       {"settings.data_key", "names the key of the seal"},
       {"settings.from_preset", "a preset, which the console's vendor supplies, may take its place"},
       {"settings.set_at", "shown"},
   };
   const std::string file = (console_.data_dir() / "console.db").string();
   const int count = std::stoi(query(file, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"));
   for (int table = 0; table < count; ++table) {
      const std::string name =
          query(file, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name LIMIT 1 OFFSET " +
                          std::to_string(table));
      if (name.starts_with("sqlite_") || name == "checks") continue;  // checks: history, only shown
      const int columns = std::stoi(query(file, "SELECT count(*) FROM pragma_table_info('" + name + "')"));
      for (int column = 0; column < columns; ++column) {
         const std::string which =
             name + "." +
             query(file, "SELECT name FROM pragma_table_info('" + name + "') WHERE cid = " + std::to_string(column));
         EXPECT_TRUE(decided.contains(which)) << which << ": can it send a secret elsewhere?";
      }
   }
}

}  // namespace
