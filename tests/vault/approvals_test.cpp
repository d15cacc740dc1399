#include "vault/approvals.hpp"

#include <gtest/gtest.h>

#include "test_support/temp_dir.hpp"
#include "tests/store/earlier_databases.hpp"
#include "tests/store/plain_sqlite.hpp"
#include "tests/store/sealed_store.hpp"

using namespace msp;
using namespace msp::console;
using test::run_sql;
using test::SealedStore;
using test_support::TempDir;

namespace {

// A console that starts with this data directory.
struct Started : SealedStore {
   explicit Started(const std::filesystem::path& data)
       : SealedStore(data), approvals(store, vault, data, [] { return std::int64_t{1}; }) {}

   // "" when it counts, else the code of the doubt; "none" without one.
   std::string doubt(const std::string& id) {
      const auto known = approvals.find(id);
      if (!known) return "none";
      return known->doubt ? known->doubt->code : "";
   }

   Approvals approvals;
};

class ApprovalsTest : public testing::Test {
 protected:
   void SetUp() override {
      Started console(data());
      ASSERT_TRUE(console.approvals.set({"one", std::string(64, 'a'), true}));
      ASSERT_TRUE(console.approvals.set({"two", std::string(64, 'b'), true}));
      ASSERT_TRUE(console.approvals.set({"off", std::string(64, 'c'), true}));
      ASSERT_TRUE(console.approvals.set({"off", std::string(64, 'c'), false}));
      console.add("Kaseya", "secret");
   }

   [[nodiscard]] const std::filesystem::path& data() const { return directory_.path(); }
   void tamper(const std::string& sql) const { run_sql(data() / "console.db", sql); }

   TempDir directory_;
};

TEST_F(ApprovalsTest, a_decision_counts_after_a_restart_and_after_new_keys) {
   for (int i = 0; i < 2; ++i) {
      Started console(data());
      EXPECT_EQ(console.doubt("one"), "");
      EXPECT_EQ(console.doubt("two"), "");
      EXPECT_EQ(console.doubt("off"), "");
      EXPECT_FALSE(console.approvals.find("off")->approval.enabled);
      EXPECT_EQ(console.approvals.find("one")->approval.sha256, std::string(64, 'a'));
      ASSERT_TRUE(console.vault.rotate());
      EXPECT_EQ(console.doubt("one"), "");
      EXPECT_EQ(console.vault.status().data_keys, 1U) << "the former key is needed no more";
   }
}

TEST_F(ApprovalsTest, whoever_writes_the_database_alone_approves_nothing) {
   struct Case {
      const char *what, *sql, *id;
   };
   const Case cases[] = {
       {"other bytes",
        "UPDATE approvals SET sha256 = (SELECT sha256 FROM approvals WHERE plugin_id = 'two') "
        "WHERE plugin_id = 'one'",
        "one"},
       {"the row of another plugin",
        "UPDATE approvals SET (sha256, sealed, data_key) = (SELECT sha256, sealed, data_key FROM approvals WHERE "
        "plugin_id = 'two') WHERE plugin_id = 'one'",
        "one"},
       {"another plugin's name",
        "DELETE FROM approvals WHERE plugin_id = 'two'; UPDATE approvals SET plugin_id = 'two' WHERE plugin_id = 'one'",
        "two"},
       {"one that was switched off", "UPDATE approvals SET enabled = 1 WHERE plugin_id = 'off'", "off"},
       {"one that was switched off, with a seal",
        "UPDATE approvals SET enabled = 1, (sealed, data_key) = (SELECT sealed, data_key FROM approvals WHERE "
        "plugin_id "
        "= 'one') WHERE plugin_id = 'off'",
        "off"},
       {"no seal", "UPDATE approvals SET sealed = NULL, data_key = NULL WHERE plugin_id = 'one'", "one"},
       {"an empty seal", "UPDATE approvals SET sealed = x'' WHERE plugin_id = 'one'", "one"},
       {"a new row", "INSERT INTO approvals (plugin_id, sha256, enabled, decided_at) VALUES ('new', 'aa', 1, 1)",
        "new"},
       {"another store", "UPDATE store SET id = 'another'", "one"},
       {"another place to run", "UPDATE approvals SET isolation = 'in_process' WHERE plugin_id = 'one'", "one"},
       {"an earlier console's table",
        "PRAGMA foreign_keys = OFF; DROP TABLE quarantine; ALTER TABLE approvals DROP COLUMN isolation; "
        "ALTER TABLE checks DROP COLUMN isolation; DROP TABLE plugin_ends; ALTER TABLE approvals DROP COLUMN data_key; "
        "ALTER TABLE approvals DROP COLUMN sealed; PRAGMA user_version = 7",
        "one"},
   };
   for (const auto& [what, sql, id] : cases) {
      SCOPED_TRACE(what);
      const TempDir copy;
      for (const auto& file : std::filesystem::directory_iterator(data())) {
         std::filesystem::copy(file, copy.path() / file.path().filename());
      }
      run_sql(copy.path() / "console.db", sql);
      Started console(copy.path());
      const std::string doubt = console.doubt(id);
      EXPECT_TRUE(doubt == "plugin.modified" || doubt == "host.secret_unreadable") << doubt;
      EXPECT_EQ(console.doubt(id), doubt) << "asking again makes it no better";
      if (doubt == "host.secret_unreadable") continue;  // without its key nobody decides
      ASSERT_TRUE(console.approvals.set({id, std::string(64, 'd'), true}));
      EXPECT_EQ(console.doubt(id), "") << "a new decision counts";
   }
}

TEST_F(ApprovalsTest, without_the_key_nothing_is_believed_but_everything_can_be_switched_off) {
   std::filesystem::rename(data() / "key-encryption.key", data() / "kept");
   {
      Started console(data());
      EXPECT_EQ(console.doubt("one"), "host.secret_unreadable");
      const auto done = console.approvals.set({"two", std::string(64, 'b'), true});
      ASSERT_FALSE(done);
      EXPECT_EQ(done.finding().code, "host.secret_unreadable");
      EXPECT_NE(done.finding().remedy.find("key-encryption.key"), std::string::npos) << done.finding().remedy;
      EXPECT_TRUE(console.approvals.set({"two", std::string(64, 'b'), false}));
      EXPECT_EQ(console.doubt("two"), "");
   }
   std::filesystem::rename(data() / "kept", data() / "key-encryption.key");
   EXPECT_EQ(Started(data()).doubt("one"), "") << "nothing is lost";
}

TEST(ApprovalsOfEarlierConsoles, count_and_are_sealed_once) {
   for (const auto write :
        {test::write_version_1, test::write_version_2, test::write_version_3, test::write_version_4}) {
      const TempDir directory;
      write(directory.path());
      EXPECT_EQ(Started(directory.path()).doubt("autotask"), "");
      EXPECT_EQ(Started(directory.path()).doubt("autotask"), "");
      run_sql(directory.path() / "console.db", "UPDATE approvals SET sha256 = 'ef'");
      EXPECT_EQ(Started(directory.path()).doubt("autotask"), "plugin.modified");
   }
}

TEST(ApprovalsOfEarlierConsoles, count_on_while_the_key_is_missing_and_are_sealed_when_it_is_back) {
   const TempDir directory;
   test::write_version_3(directory.path());
   const std::filesystem::path key = directory.path() / "key-encryption.key";
   std::filesystem::rename(key, directory.path() / "kept");
   EXPECT_EQ(Started(directory.path()).doubt("autotask"), "");
   EXPECT_FALSE(std::filesystem::exists(directory.path() / "approvals.sealed"));
   std::filesystem::rename(directory.path() / "kept", key);
   EXPECT_EQ(Started(directory.path()).doubt("autotask"), "");
   EXPECT_TRUE(std::filesystem::exists(directory.path() / "approvals.sealed"));
}

}  // namespace
