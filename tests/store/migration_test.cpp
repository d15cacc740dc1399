// Databases of earlier consoles: everything in them is there afterwards, or they are as they were.
#include <gtest/gtest.h>

#include <csignal>

#include "child_process.hpp"
#include "earlier_databases.hpp"
#include "file_faults.hpp"
#include "plain_sqlite.hpp"
#include "sealed_store.hpp"
#include "store/finding_error.hpp"
#include "test_support/temp_dir.hpp"

using namespace msp;
using namespace msp::console;
using test::query;
using test::SealedStore;
using test_support::TempDir;

namespace {

void expect_everything(const std::filesystem::path& data) {
   SealedStore console(data);
   Store& store = console.store;
   EXPECT_EQ(store.id(), "00112233445566778899aabbccddeeff");
   ASSERT_EQ(store.approvals().size(), 1U);
   EXPECT_TRUE(store.approvals()[0].approval.enabled);
   ASSERT_EQ(store.integrations().size(), 4U);

   const auto autotask = *store.integration(1);
   EXPECT_EQ(autotask.name, "Integration with Autotask");
   EXPECT_EQ(autotask.identity.principal, "api@msp.example");
   EXPECT_EQ(autotask.values.at("user_name").value, "api@msp.example");
   EXPECT_TRUE(autotask.secrets.at("integration_code").from_preset);
   EXPECT_EQ(console.open(1, "password"), "Throw$away#1");
   EXPECT_EQ(console.open(1, "integration_code"), "THROWAWAYTRACKINGIDENTIFIER");
   EXPECT_EQ(console.open(2, "token"), "throw-away token");
   EXPECT_EQ(console.open(4, "password"), "Throw$away#4");
   EXPECT_EQ(store.checks(2).size(), 4U);
   EXPECT_FALSE(store.integration(4)->enabled);
   EXPECT_EQ(store.integration(4)->revision, 3);
   EXPECT_EQ(console.vault.status().first_format, 4U);

   EXPECT_FALSE(autotask.refused_at) << "throttled is no refusal";
   EXPECT_EQ(store.integration(2)->refused_at, 4000);
   EXPECT_FALSE(store.integration(3)->refused_at) << "a missing right is none of the credentials";
   EXPECT_FALSE(store.integration(4)->refused_at) << "a later check had another outcome";
   ASSERT_TRUE(store.baseline(1));
   EXPECT_EQ(store.baseline(1)->rights, "tickets.query=all tickets.update=restricted");
   ASSERT_TRUE(store.baseline(2));
   EXPECT_EQ(store.baseline(2)->rights, "agents.read=all");
   EXPECT_TRUE(store.baseline(3));
   EXPECT_FALSE(store.baseline(4)) << "no check is of its present settings";
   EXPECT_EQ(store.checks(3).front().document, "{\"newest\":true}");
   ASSERT_TRUE(autotask.last_check);
   EXPECT_EQ(autotask.last_check->at, 1000) << "the later check was throttled and replaces none";
   EXPECT_EQ(autotask.last_check->remarks, (host::Remarks{.restricted = 1}));
   ASSERT_TRUE(autotask.not_checked);
   EXPECT_EQ(autotask.not_checked->outcome, "throttled");
   EXPECT_EQ(autotask.not_checked->at, 3000);
   EXPECT_FALSE(store.integration(2)->not_checked);
   EXPECT_TRUE(store.integration(2)->last_check->remarks.none()) << "what was refused has none";
   EXPECT_TRUE(store.baseline(2)->remarks.none()) << "every right was granted";
   EXPECT_EQ(store.baseline(1)->principal, "") << "nobody kept it then";
   EXPECT_EQ(store.baseline(1)->document, "") << "only the newest document is kept";
}

TEST(Migration, a_database_of_any_earlier_version_has_everything_afterwards) {
   for (const auto write : {test::write_version_1, test::write_version_2, test::write_version_3, test::write_version_4,
                            test::write_version_5, test::write_version_6}) {
      const TempDir directory;
      write(directory.path());
      expect_everything(directory.path());
      expect_everything(directory.path());
   }
}

TEST(Migration, its_secrets_are_bound_to_their_settings_once_they_are_sealed_again) {
   const TempDir directory;
   test::write_version_1(directory.path());
   const auto set_server = [&](const std::string& address) {
      test::run_sql(directory.path() / "console.db",
                    "UPDATE settings SET value = '" + address + "' WHERE integration = 2 AND field = 'server'");
   };
   const std::string first = query(directory.path() / "console.db",
                                   "SELECT hex(sealed) FROM settings WHERE integration = 2 AND field = 'token'");
   ASSERT_TRUE(SealedStore(directory.path()).vault.rotate());
   SealedStore console(directory.path());
   EXPECT_EQ(console.vault.status().first_format, 0U);
   EXPECT_EQ(console.open(2, "token"), "throw-away token");
   set_server("https://evil.example");
   EXPECT_EQ(console.open(2, "token").find("host.secret_unreadable"), 0U);
   // Nor does it help to put the secret of the first format back.
   test::run_sql(directory.path() / "console.db",
                 "UPDATE settings SET sealed = x'" + first + "' WHERE integration = 2 AND field = 'token'");
   EXPECT_EQ(console.open(2, "token").find("host.secret_unreadable"), 0U);
}

TEST(Migration, names_that_count_as_the_same_since_then_are_told_apart_by_a_number) {
   const TempDir directory;
   test::write_version_4(directory.path());
   // The consoles of then folded neither of these.
   test::run_sql(directory.path() / "console.db",
                 "UPDATE integrations SET name = 'Stra\u00dfe', name_key = 'stra\u00dfe' WHERE id = 2;"
                 "UPDATE integrations SET name = 'STRASSE', name_key = 'strasse' WHERE id = 3;"
                 "UPDATE integrations SET name = 'Strasse (2)', name_key = 'strasse (2)' WHERE id = 4");
   for (int opening = 0; opening < 2; ++opening) {
      const Store store(directory.path());
      EXPECT_EQ(store.integration("strasse")->id, 2);
      EXPECT_EQ(store.integration("strasse (2)")->name, "STRASSE (2)");
      EXPECT_EQ(store.integration(4)->name, "Strasse (2) (2)");
      EXPECT_EQ(store.integration("INTEGRATION with autotask")->id, 1);
   }
}

TEST(Migration, killed_at_any_of_its_writes_it_leaves_one_version_whole) {
   int changes = 0;
   for (bool finished = false; !finished; ++changes) {
      const TempDir directory;
      test::write_version_1(directory.path());
      const int end = test::in_child([&] {
         test::plan_file_fault(changes + 1, test::FileFault::kill);
         const Store store(directory.path());
      });
      finished = end == 0;
      ASSERT_TRUE(finished || end == 128 + SIGKILL) << end;
      const std::string version = query(directory.path() / "console.db", "PRAGMA user_version");
      EXPECT_EQ(version, query(directory.path() / "console.db",
                               "SELECT 1 + (SELECT count(*) FROM pragma_table_info('checks') "
                               "WHERE name IN ('baseline', 'rights', 'principal', 'made', 'isolation')) + "
                               "(SELECT count(*) FROM pragma_table_info('store') WHERE name = 'name_key_version') + "
                               "(SELECT count(*) FROM pragma_table_info('integrations') WHERE name = 'unclear_at') + "
                               "(SELECT count(*) FROM pragma_table_info('approvals') WHERE name = 'sealed')"));
      expect_everything(directory.path());
   }
   EXPECT_GT(changes, 5) << "the migration writes something";
}

TEST(Migration, without_space_it_is_told_in_one_sentence_and_begins_again_when_there_is_some) {
   int changes = 0;
   for (bool met = true; met; ++changes) {
      const TempDir directory;
      test::write_version_1(directory.path());
      test::plan_file_fault(changes + 1, test::FileFault::disk_full);
      try {
         const Store store(directory.path());
      } catch (const FindingError& error) {
         EXPECT_EQ(error.finding().code, "host.storage");
         EXPECT_FALSE(error.finding().remedy.empty());
      }
      met = test::met_file_fault();
      test::no_file_faults();
      expect_everything(directory.path());
   }
   EXPECT_GT(changes, 5) << "the migration writes something";
}

TEST(Migration, two_consoles_that_start_at_once_migrate_once) {
   const TempDir directory;
   test::write_version_1(directory.path());
   std::vector<test::Child> children;
   for (int i = 0; i < 8; ++i) children.emplace_back([&] { expect_everything(directory.path()); });
   for (test::Child& child : children) EXPECT_EQ(child.wait(), 0);
}

TEST(Migration, a_damaged_database_is_not_migrated) {
   const TempDir directory;
   test::write_version_1(directory.path());
   const std::filesystem::path file = directory.path() / "console.db";
   const std::string root = query(file, "SELECT rootpage FROM sqlite_schema WHERE name = 'checks'");
   std::string bytes = test_support::read_file(file);
   const std::size_t page = 4'096 * (static_cast<std::size_t>(std::stoi(root)) - 1);
   bytes.replace(page, 4'096, 4'096, '\x5A');
   test_support::write_file(file, bytes);
   try {
      const Store store(directory.path());
      ADD_FAILURE() << "opened";
   } catch (const FindingError& error) {
      EXPECT_NE(error.finding().summary.find("is damaged"), std::string::npos) << error.finding().summary;
   }
   EXPECT_TRUE(test_support::read_file(file) == bytes);
}

}  // namespace
