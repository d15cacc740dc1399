// Databases that are damaged, read-only or may not grow: told in one sentence, and left as they are.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "child_process.hpp"
#include "own_mounts.hpp"
#include "plain_sqlite.hpp"
#include "sealed_store.hpp"
#include "store/finding_error.hpp"
#include "test_support/temp_dir.hpp"

using namespace msp;
using namespace msp::console;
using test::SealedStore;
using test_support::TempDir;

namespace {

constexpr std::size_t kPage = 4'096;

std::map<std::string, std::string> contents(const std::filesystem::path& directory) {
   std::map<std::string, std::string> files;
   for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      files[entry.path().filename()] = test_support::read_file(entry.path());
   }
   return files;
}

void fill(const std::filesystem::path& data) {
   SealedStore console(data);
   for (int i = 0; i < 12; ++i) {
      const std::string name = "Integration " + std::to_string(i);
      const std::int64_t id = console.add(name, "secret-" + std::to_string(i));
      Store::Change change(console.store);
      change.add_check(
          id, {1, "check", "me", "accepted", "secret-" + std::to_string(i), "1", "ab", "", std::string(3'000, 'x')});
      change.commit();
   }
}

// Reads everything that there is; the sentence when it cannot be read, "" when it can.
std::string read_all(const std::filesystem::path& data) {
   try {
      SealedStore console(data);
      EXPECT_TRUE(console.store.approvals().empty());
      for (const IntegrationRecord& record : console.store.integrations()) {
         (void)console.store.integration(record.name);
         (void)console.store.checks(record.id);
         (void)console.open(record.id);
      }
      EXPECT_EQ(console.store.integrations().size(), 12U);
      return "";
   } catch (const FindingError& error) {
      EXPECT_EQ(error.finding().code, "host.storage");
      EXPECT_FALSE(error.finding().remedy.empty());
      return error.finding().summary;
   }
}

TEST(StoreFaults, damage_on_any_page_is_told_or_harmless_and_the_file_stays_as_it_is) {
   const TempDir directory;
   fill(directory.path());
   const std::filesystem::path file = directory.path() / "console.db";
   const std::string whole = test_support::read_file(file);
   ASSERT_EQ(whole.size() % kPage, 0U);
   std::size_t told = 0;
   for (std::size_t page = 0; page < whole.size(); page += kPage) {
      for (const char byte : {'\0', '\xFF', '\x0A'}) {
         std::string damaged = whole;
         damaged.replace(page, kPage, kPage, byte);
         test_support::write_file(file, damaged);
         const std::string sentence = read_all(directory.path());
         if (!sentence.empty()) {
            ++told;
            EXPECT_NE(sentence.find("console.db\""), std::string::npos) << sentence;
         }
         EXPECT_TRUE(test_support::read_file(file) == damaged) << "page " << page / kPage + 1;
      }
   }
   EXPECT_GT(told, whole.size() / kPage) << "most pages hold something";
}

TEST(StoreFaults, a_damaged_header_is_told_whichever_byte_it_is) {
   const TempDir directory;
   fill(directory.path());
   const std::filesystem::path file = directory.path() / "console.db";
   const std::string whole = test_support::read_file(file);
   for (std::size_t at = 0; at < 16; ++at) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
      test_support::write_file(file, damaged);
      EXPECT_NE(read_all(directory.path()).find("is damaged"), std::string::npos) << "byte " << at;
      EXPECT_TRUE(test_support::read_file(file) == damaged);
   }
}

TEST(StoreFaults, a_truncated_database_is_damaged_also_when_nothing_is_left_and_nothing_is_written_into_it) {
   const TempDir directory;
   fill(directory.path());
   const std::filesystem::path file = directory.path() / "console.db";
   const std::string whole = test_support::read_file(file);
   for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{99}, std::size_t{512}, kPage, 2 * kPage,
                                  whole.size() / 2, whole.size() - kPage - 1, whole.size() - kPage}) {
      test_support::write_file(file, whole.substr(0, size));
      EXPECT_NE(read_all(directory.path()).find("is damaged"), std::string::npos) << size << " bytes";
      EXPECT_THROW(SealedStore(directory.path()).add("New", "new"), FindingError) << size << " bytes";
      EXPECT_TRUE(test_support::read_file(file) == whole.substr(0, size)) << size << " bytes";
   }
   test_support::write_file(file, whole);
   EXPECT_EQ(read_all(directory.path()), "");
}

// As SQL that another program ran by mistake leaves it. The disk is not to blame.
TEST(StoreFaults, a_database_without_what_each_one_has_is_damaged) {
   for (const char* sql :
        {"DELETE FROM store", "DROP TABLE store", "ALTER TABLE store DROP COLUMN id", "DROP TABLE integrations",
         "ALTER TABLE integrations DROP COLUMN unclear_at", "DROP TABLE settings", "DROP TABLE checks",
         "DROP TABLE approvals", "DROP TABLE data_keys"}) {
      const TempDir directory;
      fill(directory.path());
      test::run_sql(directory.path() / "console.db", sql);
      EXPECT_NE(read_all(directory.path()).find("is damaged"), std::string::npos) << sql;
   }
}

TEST(StoreFaults, a_log_without_its_database_is_played_into_no_other) {
   const TempDir directory;
   fill(directory.path());
   const std::filesystem::path log = directory.path() / "console.db-wal";
   test_support::write_file(log, "the log of a console that was killed");
   std::filesystem::remove(directory.path() / "console.db");
   EXPECT_NE(read_all(directory.path()).find("its log \"" + log.string() + "\" is still there"), std::string::npos);
   EXPECT_FALSE(std::filesystem::exists(directory.path() / "console.db"));
   EXPECT_EQ(test_support::read_file(log), "the log of a console that was killed");
   std::filesystem::remove(log);
   EXPECT_TRUE(Store(directory.path()).integrations().empty()) << "begun again";
}

// As somebody for whom rights count: root may write everywhere.
void as_nobody(const std::filesystem::path& directory, const std::function<void()>& work) {
   constexpr uid_t kNobody = 65'534;
   const bool root = ::geteuid() == 0;
   if (root) {
      ASSERT_EQ(::chown(directory.c_str(), kNobody, kNobody), 0);
      for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
         ASSERT_EQ(::chown(entry.path().c_str(), kNobody, kNobody), 0);
      }
   }
   EXPECT_EQ(test::in_child([&] {
                ASSERT_TRUE(!root || ::setuid(kNobody) == 0);
                work();
             }),
             0);
}

TEST(StoreFaults, what_is_read_only_is_told_and_left_as_it_is) {
   using std::filesystem::perms;
   const std::vector<std::tuple<std::string, perms, perms>> cases = {
       {"directory and file", perms::owner_read | perms::owner_exec, perms::owner_read},
       {"the directory", perms::owner_read | perms::owner_exec, perms::owner_read | perms::owner_write},
       {"the file", perms::owner_all, perms::owner_read}};
   for (const auto& [what, of_directory, of_file] : cases) {
      SCOPED_TRACE(what);
      const TempDir directory;
      const std::filesystem::path data = directory.path() / "data";
      fill(data);
      const auto before = contents(data);
      std::filesystem::permissions(data / "console.db", of_file);
      std::filesystem::permissions(data, of_directory);
      as_nobody(directory.path(), [&] {
         try {
            SealedStore(data).add("New", "new");
            ADD_FAILURE() << "saved";
         } catch (const FindingError& error) {
            EXPECT_EQ(error.finding().code, "host.storage");
            EXPECT_NE(error.finding().summary.find("cannot be opened for writing"), std::string::npos)
                << error.finding().summary;
         }
      });
      std::filesystem::permissions(data, perms::owner_all);
      auto after = contents(data);
      EXPECT_TRUE(after.at("console.db") == before.at("console.db"));
      EXPECT_EQ(after.at("key-encryption.key"), before.at("key-encryption.key"));
   }
}

TEST(StoreFaults, a_data_directory_that_cannot_be_made_is_told) {
   const TempDir directory;
   std::filesystem::permissions(directory.path(),
                                std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
   as_nobody(directory.path(), [&] {
      try {
         const Store store(directory.path() / "data");
         ADD_FAILURE() << "made";
      } catch (const FindingError& error) {
         EXPECT_NE(error.finding().summary.find("The data directory cannot be created"), std::string::npos)
             << error.finding().summary;
      }
   });
}

// The limit is the system's own: this is what a quota does.
TEST(StoreFaults, files_that_may_not_grow_are_told_and_nothing_is_changed) {
   const TempDir directory;
   fill(directory.path());
   for (rlim_t limit = 0; limit < 64 * 1'024; limit += 5'000) {
      EXPECT_EQ(test::in_child([&] {
                   std::signal(SIGXFSZ, SIG_IGN);
                   const rlimit size{limit, limit};
                   ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &size), 0);
                   try {
                      SealedStore console(directory.path());
                      for (int i = 0; i < 100; ++i) console.edit(1, "edited-" + std::to_string(i));
                      ADD_FAILURE() << "saved";
                   } catch (const FindingError& error) {
                      EXPECT_EQ(error.finding().code, "host.storage");
                      EXPECT_FALSE(error.finding().remedy.empty());
                   }
                }),
                0)
          << limit;
      EXPECT_EQ(SealedStore(directory.path()).store.integrations().size(), 12U);
   }
}

// A killed process leaves the newest of what was saved in the log only.
TEST(StoreFaults, on_a_full_or_read_only_file_system_what_a_killed_process_saved_is_read_or_its_lack_is_told) {
   if (!test::may_mount()) GTEST_SKIP() << "no mounts of its own here";
   const TempDir directory;
   const auto save_and_die = [&] {
      EXPECT_EQ(test::in_child([&] {
                   SealedStore(directory.path()).add("One", "first");
                   SealedStore console(directory.path());
                   console.add("Two", "second");
                   ::kill(::getpid(), SIGKILL);
                }),
                128 + SIGKILL);
      ASSERT_GT(std::filesystem::file_size(directory.path() / "console.db-wal"), 0U);
      std::filesystem::remove(directory.path() / "console.db-shm");
   };
   EXPECT_EQ(test::in_child([&] {
                test::enter_own_mounts();
                test::mount_small(directory.path(), 1'024 * 1'024);
                save_and_die();
                test::fill_up(directory.path());
                SealedStore console(directory.path());
                EXPECT_TRUE(console.store.is_read_only());
                EXPECT_EQ(console.store.integrations().size(), 2U);
                EXPECT_EQ(console.first_flaw_while_nobody_writes().value_or(""), "");
                try {
                   console.add("Three", "third");
                   ADD_FAILURE() << "saved";
                } catch (const FindingError& error) {
                   EXPECT_NE(error.finding().summary.find("The disk is full"), std::string::npos)
                       << error.finding().summary;
                }
             }),
             0);
   EXPECT_EQ(test::in_child([&] {
                test::enter_own_mounts();
                save_and_die();
                test::mount_read_only(directory.path());
                try {
                   EXPECT_EQ(SealedStore(directory.path()).store.integrations().size(), 2U)
                       << "silently the older state";
                } catch (const FindingError& error) {
                   EXPECT_EQ(error.finding().code, "host.storage");
                }
             }),
             0);
}

TEST(StoreFaults, a_link_in_the_place_of_the_database_is_refused) {
   const TempDir directory;
   const std::filesystem::path data = directory.path() / "data";
   fill(data);
   std::filesystem::rename(data / "console.db", directory.path() / "elsewhere");
   std::filesystem::create_symlink(directory.path() / "elsewhere", data / "console.db");
   EXPECT_NE(read_all(data).find("is not a plain file"), std::string::npos);
   std::filesystem::remove(directory.path() / "elsewhere");
   EXPECT_NE(read_all(data).find("is not a plain file"), std::string::npos);
}

}  // namespace
