#include "store/store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "plain_sqlite.hpp"
#include "store/finding_error.hpp"
#include "test_support/temp_dir.hpp"

using namespace msp;
using namespace msp::console;
using test::run_sql;
using test_support::TempDir;

namespace {

IntegrationRecord record(const std::string& name, const std::string& principal) {
   IntegrationRecord made;
   made.name = name;
   made.platform = "autotask";
   made.identity = {"4711", "MSP Example", principal, "https://webservices14.autotask.net/"};
   made.created_at = made.changed_at = 1'000;
   return made;
}

std::int64_t add(Store& store, IntegrationRecord made) {
   Store::Change change(store);
   made.id = change.insert(made);
   change.replace_settings(made);
   change.commit();
   return made.id;
}

std::string refusal(const std::filesystem::path& directory) {
   try {
      const Store store(directory);
   } catch (const FindingError& error) {
      EXPECT_EQ(error.finding().code, "host.storage");
      EXPECT_FALSE(error.finding().remedy.empty());
      return error.finding().summary;
   }
   return "opened";
}

mode_t mode(const std::filesystem::path& path) {
   struct stat status {};
   EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
   return status.st_mode & 07777;
}

void approve(Store& store, const host::Approval& approval) {
   Store::Change change(store);
   change.set_approval({approval, {}, 0}, 1);
   change.commit();
}

TEST(Store, begins_empty_and_private) {
   const TempDir directory;
   const std::filesystem::path data = directory.path() / "new";
   Store store(data);
   EXPECT_TRUE(store.integrations().empty());
   EXPECT_TRUE(store.approvals().empty());
   EXPECT_EQ(store.id().size(), 32U);
   EXPECT_EQ(mode(data), 0700U);
   EXPECT_EQ(mode(data / "console.db"), 0600U);
   approve(store, {"autotask", "aa", true});
   EXPECT_EQ(mode(data / "console.db-wal"), 0600U);
}

#ifndef _WIN32
TEST(Store, a_directory_or_database_of_another_user_is_refused) {
   if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file to somebody else";
   constexpr uid_t kSomebody = 12'345;
   const TempDir directory;
   const std::filesystem::path data = directory.path() / "data";
   { const Store store(data); }
   ASSERT_EQ(::chown((data / "console.db").c_str(), kSomebody, kSomebody), 0);
   EXPECT_NE(refusal(data).find("console.db\" belongs to another user"), std::string::npos);
   ASSERT_EQ(::chown((data / "console.db").c_str(), 0, 0), 0);
   ASSERT_EQ(::chown(data.c_str(), kSomebody, kSomebody), 0);
   EXPECT_NE(refusal(data).find("data\" belongs to another user"), std::string::npos);
}
#endif

TEST(Store, keeps_an_integration_with_its_settings_and_its_history) {
   const TempDir directory;
   std::int64_t id = 0;
   {
      Store store(directory.path());
      IntegrationRecord made = record("Autotask One", "api@msp.example");
      made.values["user_name"] = {"api@msp.example", false, 1'000};
      id = add(store, made);
      Store::Change change(store);
      change.add_check(id, {1'001, "check", "me", "accepted", "perm.restricted", "1.0.0", "ab", "a=all", "{}"});
      change.commit();
   }
   const Store store(directory.path());
   const auto found = store.integration("  autotask   ONE ");
   ASSERT_TRUE(found);
   EXPECT_EQ(found->id, id);
   EXPECT_EQ(found->identity.principal, "api@msp.example");
   EXPECT_EQ(found->values.at("user_name").value, "api@msp.example");
   ASSERT_TRUE(found->last_check);
   EXPECT_EQ(found->last_check->codes, "perm.restricted");
   ASSERT_EQ(store.checks(id).size(), 1U);
   EXPECT_EQ(store.checks(id)[0].rights, "a=all");
   EXPECT_EQ(store.checks(id)[0].document, "{}");
   EXPECT_TRUE(store.integration_of("autotask", "4711", "api@msp.example"));
   EXPECT_FALSE(store.integration_of("kaseya_vsa", "4711", "api@msp.example"));
}

TEST(Store, a_name_is_taken_whatever_its_case) {
   const TempDir directory;
   Store store(directory.path());
   add(store, record("Autotask", "one"));
   EXPECT_THROW(add(store, record("AUTOTASK", "two")), FindingError);
   EXPECT_EQ(store.integrations().size(), 1U);
}

TEST(Store, an_account_is_connected_once) {
   const TempDir directory;
   Store store(directory.path());
   add(store, record("One", "same"));
   EXPECT_THROW(add(store, record("Two", "same")), FindingError);
   EXPECT_EQ(store.integrations().size(), 1U);
}

TEST(Store, a_change_that_is_not_committed_leaves_nothing) {
   const TempDir directory;
   Store store(directory.path());
   {
      Store::Change change(store);
      change.insert(record("Lost", "lost"));
   }
   EXPECT_TRUE(store.integrations().empty());
}

TEST(Store, an_id_is_never_given_twice) {
   const TempDir directory;
   Store store(directory.path());
   const std::int64_t first = add(store, record("One", "one"));
   {
      Store::Change change(store);
      change.remove(first);
      change.commit();
   }
   EXPECT_GT(add(store, record("One", "one")), first);
}

TEST(Store, removing_takes_settings_and_history_along) {
   const TempDir directory;
   Store store(directory.path());
   IntegrationRecord made = record("One", "one");
   made.values["user_name"] = {"one", false, 1};
   const std::int64_t id = add(store, made);
   Store::Change change(store);
   change.add_check(id, {1, "check", "me", "accepted", "", "1", "ab", "", "{}"});
   change.remove(id);
   change.commit();
   EXPECT_TRUE(store.checks(id).empty());
   EXPECT_FALSE(store.integration(id));
}

TEST(Store, history_keeps_the_newest) {
   const TempDir directory;
   Store store(directory.path());
   const std::int64_t id = add(store, record("One", "one"));
   Store::Change change(store);
   for (int i = 1; i <= Store::kChecksKept + 5; ++i)
      change.add_check(id, {i, "check", "me", "accepted", "", "1", "ab", "", "{}"});
   change.commit();
   const auto checks = store.checks(id);
   ASSERT_EQ(checks.size(), static_cast<std::size_t>(Store::kChecksKept));
   EXPECT_EQ(checks.front().at, Store::kChecksKept + 5);
}

TEST(Store, only_the_newest_check_keeps_its_document) {
   const TempDir directory;
   Store store(directory.path());
   const std::int64_t id = add(store, record("One", "one"));
   const std::int64_t other = add(store, record("Other", "other"));
   Store::Change change(store);
   change.add_baseline(id, {1, "check", "me", "accepted", "", "1", "ab", "a=all", "{1}"});
   change.add_check(other, {1, "check", "me", "accepted", "", "1", "ab", "a=none", "{other}"});
   change.add_check(id, {2, "check", "me", "unreachable", "net.dns", "1", "ab", "", "{2}"});
   change.commit();
   const auto checks = store.checks(id);
   ASSERT_EQ(checks.size(), 2U);
   EXPECT_EQ(checks[0].document, "{2}");
   EXPECT_EQ(checks[1].document, "");
   EXPECT_EQ(checks[1].rights, "a=all");
   EXPECT_EQ(store.baseline(id)->rights, "a=all");
   EXPECT_EQ(store.checks(other)[0].document, "{other}");
}

CheckRecord not_made(std::int64_t at) {
   CheckRecord check{at, "check", "me", "throttled", "platform.throttled", "1", "ab", "", "{not made}"};
   check.made = false;
   return check;
}

TEST(Store, a_check_that_could_not_be_made_stands_beside_the_last_that_was) {
   const TempDir directory;
   Store store(directory.path());
   const std::int64_t id = add(store, record("One", "one"));
   const auto keep = [&](const CheckRecord& check) {
      Store::Change change(store);
      change.add_check(id, check);
      change.commit();
   };
   EXPECT_FALSE(store.integration(id)->not_checked);
   keep(not_made(1));
   EXPECT_FALSE(store.integration(id)->last_check) << "it was never checked";
   EXPECT_EQ(store.integration(id)->not_checked->at, 1);
   EXPECT_EQ(store.checks(id)[0].document, "{not made}") << "there is nothing better to show";

   CheckRecord good{2, "check", "me", "accepted", "perm.restricted", "1", "ab", "a=restricted", "{2}"};
   good.remarks = {.unverified = 1, .restricted = 14, .missing_optional = 2, .deprecated = 1, .other = 3};
   keep(good);
   EXPECT_FALSE(store.integration(id)->not_checked) << "a later check that was made clears it";
   EXPECT_EQ(store.checks(id)[1].document, "");

   for (int i = 0; i < Store::kChecksKept + 5; ++i) keep(not_made(3 + i));
   const auto saved = *store.integration(id);
   ASSERT_TRUE(saved.last_check);
   EXPECT_EQ(saved.last_check->at, 2);
   EXPECT_EQ(saved.last_check->remarks, good.remarks);
   EXPECT_EQ(saved.not_checked->at, 2 + Store::kChecksKept + 5);
   const auto checks = store.checks(id);
   ASSERT_EQ(checks.size(), static_cast<std::size_t>(Store::kChecksKept) + 1) << "the last that was made is kept";
   EXPECT_EQ(checks.back().document, "{2}");
   EXPECT_EQ(checks.front().document, "");
   EXPECT_EQ(store.integrations()[0].last_check->at, 2);
}

TEST(Store, two_connections_writing_at_once_lose_nothing) {
   const TempDir directory;
   constexpr int kEach = 20;
   const auto write = [&](const std::string& who) {
      Store store(directory.path());
      for (int i = 0; i < kEach; ++i) add(store, record(who + std::to_string(i), who + std::to_string(i)));
   };
   std::thread one(write, "one");
   std::thread two(write, "two");
   one.join();
   two.join();
   EXPECT_EQ(Store(directory.path()).integrations().size(), 2U * kEach);
}

TEST(Store, what_one_connection_saved_the_other_sees) {
   const TempDir directory;
   Store one(directory.path());
   Store two(directory.path());
   EXPECT_EQ(one.id(), two.id());
   add(one, record("One", "one"));
   EXPECT_TRUE(two.integration("one"));
}

TEST(Store, an_approval_is_replaced_by_the_next_decision) {
   const TempDir directory;
   Store store(directory.path());
   approve(store, {"autotask", "aa", true});
   approve(store, {"autotask", "bb", false});
   ASSERT_EQ(store.approvals().size(), 1U);
   EXPECT_EQ(store.approvals()[0].approval.sha256, "bb");
   EXPECT_FALSE(store.approvals()[0].approval.enabled);
}

TEST(Store, a_damaged_database_is_refused_and_left_as_it_is) {
   const TempDir directory;
   const std::string damage(8'192, 'x');
   test_support::write_file(directory.path() / "console.db", damage);
   EXPECT_NE(refusal(directory.path()).find("is damaged"), std::string::npos);
   EXPECT_EQ(test_support::read_file(directory.path() / "console.db"), damage);
}

TEST(Store, a_database_of_a_newer_console_is_refused_and_left_as_it_is) {
   const TempDir directory;
   { const Store store(directory.path()); }
   const std::filesystem::path file = directory.path() / "console.db";
   run_sql(file, "PRAGMA user_version = 1000");
   const std::string before = test_support::read_file(file);
   EXPECT_NE(refusal(directory.path()).find("newer console"), std::string::npos);
   EXPECT_EQ(test_support::read_file(file), before);
}

TEST(Store, somebody_elses_database_is_refused_and_left_as_it_is) {
   const TempDir directory;
   const std::filesystem::path file = directory.path() / "console.db";
   run_sql(file, "CREATE TABLE theirs (a)");
   const std::string before = test_support::read_file(file);
   EXPECT_NE(refusal(directory.path()).find("is not a database of this console"), std::string::npos);
   EXPECT_EQ(test_support::read_file(file), before);
}

TEST(Store, a_data_directory_that_others_may_write_into_is_refused) {
   const TempDir directory;
   const std::filesystem::path data = directory.path() / "open";
   std::filesystem::create_directory(data);
   std::filesystem::permissions(data, std::filesystem::perms::all);
   EXPECT_NE(refusal(data).find("Other users may write"), std::string::npos);
}

}  // namespace
