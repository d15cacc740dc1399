#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <random>
#include <thread>
#include <vector>

#include "test_support/temp_dir.hpp"
#include "tests/store/child_process.hpp"
#include "tests/store/own_mounts.hpp"
#include "tests/store/plain_sqlite.hpp"
#include "tests/store/sealed_store.hpp"
#include "vault/vault_rotation.hpp"

using namespace msp;
using namespace msp::console;
using test::SealedStore;
using test_support::TempDir;

namespace {

std::string credential(const TempDir& directory, char digit) {
   const std::filesystem::path file = directory.path() / "msp-console.kek";
   test_support::write_file(file, std::string(64, digit));
   EXPECT_EQ(::chmod(file.c_str(), 0400), 0);
   return directory.path().string();
}

class RotationTest : public testing::Test {
 protected:
   [[nodiscard]] const std::filesystem::path& data() const { return directory_.path(); }
   [[nodiscard]] std::filesystem::path key_file() const { return data() / "key-encryption.key"; }
   [[nodiscard]] std::filesystem::path next_file() const { return data() / "key-encryption.key.next"; }

   // As the next start of the console would find it.
   void expect_whole(std::size_t integrations) const {
      SealedStore fresh(data());
      EXPECT_EQ(fresh.store.integrations().size(), integrations);
      EXPECT_EQ(fresh.first_flaw().value_or(""), "");
   }

   // A finished rotation leaves one key and one data key, and the key before opens nothing.
   void expect_finished(const std::string& key_before) const {
      EXPECT_FALSE(std::filesystem::exists(next_file()));
      EXPECT_NE(test_support::read_file(key_file()), key_before);
      SealedStore fresh(data());
      const SecretsStatus status = fresh.vault.status();
      EXPECT_EQ(status.data_keys, 1U);
      EXPECT_EQ(status.unreadable, 0U);
      EXPECT_FALSE(status.rotation_interrupted);
      ASSERT_TRUE(status.key);
      EXPECT_EQ(status.key->path, key_file());
   }

   TempDir directory_;
};

TEST_F(RotationTest, everything_opens_with_the_new_keys_and_nothing_with_the_old_one) {
   SealedStore console(data());
   console.add("One", "first");
   console.add("Two", "second");
   const std::string before = test_support::read_file(key_file());
   const auto rotated = console.vault.rotate();
   ASSERT_TRUE(rotated);
   EXPECT_EQ(rotated.value().resealed, 4U);
   EXPECT_TRUE(rotated.value().new_key_encryption_key);
   EXPECT_EQ(console.first_flaw().value_or(""), "");
   expect_whole(2);
   expect_finished(before);

   test_support::write_file(key_file(), before);
   ASSERT_EQ(::chmod(key_file().c_str(), 0600), 0);
   EXPECT_EQ(SealedStore(data()).vault.status().unreadable, 4U);
}

TEST_F(RotationTest, leaves_nothing_in_the_log_that_the_former_keys_sealed) {
   SealedStore console(data());
   const SealedStore other(data());  // so that nobody closes the database, which would empty the log
   const std::int64_t id = console.add("One", "first");
   const auto record = console.store.integration(id);
   const std::string key = console.store.data_keys().front().sealed;
   const auto log = [&] { return test_support::read_file(data() / "console.db-wal"); };
   const auto is_in = [](const std::string& part, const std::string& text) { return text.find(part) != text.npos; };
   ASSERT_TRUE(is_in(record->secrets.at("password").sealed, log())) << "this would prove nothing";
   ASSERT_TRUE(is_in(key, log()));
   ASSERT_TRUE(console.vault.rotate());
   for (const std::string& text : {log(), test_support::read_file(data() / "console.db")}) {
      for (const auto& [field, sealed] : record->secrets) EXPECT_FALSE(is_in(sealed.sealed, text)) << field;
      EXPECT_FALSE(is_in(key, text));
   }
}

TEST_F(RotationTest, changes_neither_times_nor_revisions) {
   SealedStore console(data());
   const std::int64_t id = console.add("One", "first");
   const auto before = console.store.integration(id);
   ASSERT_TRUE(console.vault.rotate());
   const auto after = console.store.integration(id);
   EXPECT_EQ(after->revision, before->revision);
   EXPECT_EQ(after->secrets.at("code").set_at, before->secrets.at("code").set_at);
   EXPECT_NE(after->secrets.at("code").sealed, before->secrets.at("code").sealed);
}

TEST_F(RotationTest, interrupted_between_its_steps_it_loses_nothing_and_the_next_one_finishes_it) {
   using Step = std::function<void(SealedStore&)>;
   const std::vector<std::pair<std::string, Step>> interruptions = {
       {"after the next key file", [](SealedStore& at) { EXPECT_TRUE(at.keys.next()); }},
       {"after the transaction", [](SealedStore& at) { EXPECT_TRUE(go_over_to_next_key(at.store, at.keys, 1)); }},
       {"after the transaction of a repetition", [](SealedStore& at) {
           EXPECT_TRUE(go_over_to_next_key(at.store, at.keys, 1));
           EXPECT_TRUE(go_over_to_next_key(at.store, at.keys, 1));
        }}};
   SealedStore(data()).add("One", "first");
   std::size_t integrations = 1;
   for (const auto& [when, interrupted] : interruptions) {
      SCOPED_TRACE(when);
      const std::string before = test_support::read_file(key_file());
      {
         SealedStore console(data());
         interrupted(console);
         EXPECT_TRUE(console.vault.status().rotation_interrupted);
      }
      expect_whole(integrations);
      // What is saved meanwhile is safe too.
      SealedStore(data()).add(when, "saved meanwhile");
      expect_whole(++integrations);
      ASSERT_TRUE(SealedStore(data()).vault.rotate());
      expect_whole(integrations);
      expect_finished(before);
   }
}

// What a new container finds: the database, the key that is mounted into it, and nothing else.
void expect_key_file_opens_everything(const std::filesystem::path& data) {
   std::filesystem::remove(data / "key-encryption.key.next");
   EXPECT_EQ(SealedStore(data).first_flaw().value_or(""), "");
}

std::map<std::string, std::string> contents(const std::filesystem::path& directory) {
   std::map<std::string, std::string> files;
   for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      files[entry.path().filename()] = test_support::read_file(entry.path());
   }
   return files;
}

TEST_F(RotationTest, a_key_file_that_cannot_be_replaced_is_found_out_before_anything_is_sealed) {
   if (::geteuid() != 0) GTEST_SKIP() << "only root may give files away";
   constexpr uid_t kUser = 12'345;
   const struct {
      const char* what;
      bool needs_mounts;
      std::function<void()> hinder;  // in a process of its own
      std::vector<const char*> told;
   } cases[] = {{"mounted by itself",
                 true,
                 [&] {
                    test::enter_own_mounts();
                    test::mount_by_itself(key_file());
                 },
                 {"it is mounted by itself", "Mount the directory", "msp-console.kek"}},
                {"a directory of root",
                 false,
                 [&] {
                    for (const auto& entry : std::filesystem::directory_iterator(data())) {
                       ASSERT_EQ(::chown(entry.path().c_str(), kUser, kUser), 0);
                    }
                    ASSERT_EQ(::chmod(data().c_str(), 0755), 0);
                    ASSERT_EQ(::setuid(kUser), 0);
                 },
                 {"Permission denied", "belongs to user 0, and the console runs as user 12345", "chown 12345"}},
                {"a key file of root, which this user may read",
                 false,
                 [&] {
                    for (const auto& entry : std::filesystem::directory_iterator(data())) {
                       if (entry.path() == key_file()) continue;
                       ASSERT_EQ(::chown(entry.path().c_str(), kUser, kUser), 0);
                    }
                    ASSERT_EQ(::chown(key_file().c_str(), 0, kUser), 0);
                    ASSERT_EQ(::chmod(key_file().c_str(), 0440), 0);
                    ASSERT_EQ(::chmod(data().c_str(), 0755), 0);
                    ASSERT_EQ(::setgid(kUser), 0);
                    ASSERT_EQ(::setuid(kUser), 0);
                 },
                 {"Permission denied", "belongs to user 0"}}};
   for (const auto& one : cases) {
      SCOPED_TRACE(one.what);
      if (one.needs_mounts && !test::may_mount()) continue;
      SealedStore(data()).add(one.what, "first");
      const auto before = contents(data());
      const int ended = test::in_child([&] {
         // Opened before, as by a console that runs: what hinders is the key file alone.
         SealedStore console(data());
         one.hinder();
         const auto rotated = console.vault.rotate();
         ASSERT_FALSE(rotated);
         EXPECT_EQ(rotated.finding().code, "host.storage");
         const std::string told = rotated.finding().summary + " " + rotated.finding().remedy;
         EXPECT_EQ(told.find("The keys were not rotated, and nothing was changed."), 0U) << told;
         for (const char* part : one.told) EXPECT_NE(told.find(part), std::string::npos) << told;
         EXPECT_FALSE(console.vault.status().rotation_interrupted);
         EXPECT_EQ(console.first_flaw().value_or(""), "");
      });
      EXPECT_EQ(ended, 0);
      for (const auto& entry : std::filesystem::directory_iterator(data())) {
         ASSERT_EQ(::chown(entry.path().c_str(), 0, 0), 0);
      }
      ASSERT_EQ(::chmod(data().c_str(), 0700), 0);
      ASSERT_EQ(::chmod(key_file().c_str(), 0600), 0);
      const auto after = contents(data());
      EXPECT_EQ(after.at("key-encryption.key"), before.at("key-encryption.key"));
      EXPECT_EQ(after.count("key-encryption.key.next"), 0U);
      EXPECT_EQ(after.count("key-encryption.key.trial"), 0U);
      expect_key_file_opens_everything(data());
   }
   ASSERT_TRUE(SealedStore(data()).vault.rotate()) << "once nothing hinders it";
}

TEST_F(RotationTest, what_a_console_left_under_the_next_key_beside_a_mounted_one_is_told_and_can_be_finished) {
   if (!test::may_mount()) GTEST_SKIP() << "no mounts of its own here";
   SealedStore(data()).add("One", "first");
   {
      SealedStore console(data());
      ASSERT_TRUE(go_over_to_next_key(console.store, console.keys, 1));
   }
   const auto rotate_with_mounted_key = [&](const std::string& expected) {
      return test::in_child([&] {
         test::enter_own_mounts();
         test::mount_by_itself(key_file());
         SealedStore console(data());
         const auto rotated = console.vault.rotate();
         ASSERT_FALSE(rotated);
         EXPECT_EQ(rotated.finding().summary.find(expected), 0U) << rotated.finding().summary;
         EXPECT_EQ(console.first_flaw().value_or(""), "");
      });
   };
   EXPECT_EQ(rotate_with_mounted_key("Every secret is sealed with the key in "), 0);
   EXPECT_TRUE(std::filesystem::exists(next_file()));
   expect_whole(1);
   // What the sentence says to do.
   test_support::write_file(key_file(), test_support::read_file(next_file()));
   EXPECT_EQ(rotate_with_mounted_key("The keys were not rotated, and nothing was changed. "), 0);
   EXPECT_FALSE(std::filesystem::exists(next_file()));
   expect_whole(1);
   EXPECT_FALSE(SealedStore(data()).vault.status().rotation_interrupted);
}

TEST_F(RotationTest, beside_a_mounted_key_file_it_goes_over_to_a_credential) {
   if (!test::may_mount()) GTEST_SKIP() << "no mounts of its own here";
   SealedStore(data()).add("One", "first");
   {
      SealedStore console(data());
      ASSERT_TRUE(go_over_to_next_key(console.store, console.keys, 1));
   }
   const TempDir directory;
   const std::string credentials = credential(directory, 'a');
   EXPECT_EQ(test::in_child([&] {
                test::enter_own_mounts();
                test::mount_by_itself(key_file());
                const auto rotated = SealedStore(data(), credentials).vault.rotate();
                ASSERT_TRUE(rotated) << rotated.finding().summary;
             }),
             0);
   std::filesystem::remove(key_file());
   EXPECT_FALSE(std::filesystem::exists(next_file())) << "nothing needs it";
   SealedStore after(data(), credentials);
   EXPECT_EQ(after.first_flaw().value_or(""), "");
}

TEST_F(RotationTest, what_a_killed_trial_left_is_taken_away) {
   SealedStore(data()).add("One", "first");
   const std::string before = test_support::read_file(key_file());
   test_support::write_file(data() / "key-encryption.key.trial", before);
   ASSERT_TRUE(SealedStore(data()).vault.rotate());
   EXPECT_FALSE(std::filesystem::exists(data() / "key-encryption.key.trial"));
   expect_whole(1);
   expect_finished(before);
}

TEST_F(RotationTest, another_process_that_runs_meanwhile_goes_on_reading_and_saving) {
   SealedStore running(data());
   const std::int64_t id = running.add("One", "first");
   const auto read_before = running.store.integration(id);
   ASSERT_TRUE(SealedStore(data()).vault.rotate());
   ASSERT_TRUE(SealedStore(data()).vault.rotate());
   EXPECT_EQ(running.open(id), "first password");
   const std::int64_t added = running.add("Two", "second");
   EXPECT_EQ(SealedStore(data()).open(added), "second password");
   running.edit(id, "third");
   expect_whole(2);
   EXPECT_EQ(running.vault.status().data_keys, 1U);
   // A process that read the record before, and no key yet.
   Vault late(running.store, running.keys, [] { return std::int64_t{1}; });
   running.edit(id, "first");
   const auto opened = late.open(*read_before, "password");
   ASSERT_TRUE(opened) << opened.finding().summary;
   EXPECT_EQ(opened.value().view(), "first password");
}

TEST_F(RotationTest, a_change_that_has_begun_keeps_its_key_until_it_ends) {
   SealedStore console(data());
   console.add("One", "first");
   Store::Change change(console.store);
   auto sealer = console.vault.sealer(change);
   ASSERT_TRUE(sealer);
   // The other process waits for the change.
   std::thread other([&] { EXPECT_TRUE(SealedStore(data()).vault.rotate()); });
   IntegrationRecord record;
   record.name = "Two";
   record.platform = "kaseya_vsa";
   record.id = change.insert(record);
   record.secrets["password"] = sealer.value().seal(record, "password", host::SecretBytes("second"));
   change.replace_settings(record);
   change.commit();
   other.join();
   EXPECT_EQ(SealedStore(data()).open(record.id), "second");
}

TEST_F(RotationTest, secrets_that_do_not_open_are_counted_and_left_and_open_again_when_put_right) {
   SealedStore console(data());
   const std::int64_t one = console.add("One", "first");
   const std::int64_t two = console.add("Two", "second");
   const auto set_server = [&](const std::string& address) {
      test::run_sql(data() / "console.db", "UPDATE settings SET value = 'https://" + address +
                                               ".example' WHERE field = 'server' AND integration = 1");
   };
   set_server("evil");
   const auto rotated = console.vault.rotate();
   ASSERT_TRUE(rotated);
   EXPECT_EQ(rotated.value().resealed, 2U);
   const SecretsStatus status = console.vault.status();
   EXPECT_EQ(status.secrets, 4U);
   EXPECT_EQ(status.unreadable, 2U);
   EXPECT_EQ(status.data_keys, 2U);
   EXPECT_FALSE(status.rotation_interrupted) << "what does not open keeps the former key in no use";
   EXPECT_FALSE(std::filesystem::exists(next_file()));
   EXPECT_EQ(console.open(two), "second password");
   // What is saved from now on is sealed by the newer one of the two data keys.
   const auto keys = console.store.data_keys();
   const auto added = console.store.integration(console.add("Three", "third"));
   EXPECT_EQ(added->secrets.at("password").data_key, std::max(keys.front().id, keys.back().id));
   EXPECT_EQ(console.open(one).find("host.secret_unreadable"), 0U);
   set_server("first");
   EXPECT_EQ(SealedStore(data()).open(one), "first password");
   ASSERT_TRUE(console.vault.rotate());
   EXPECT_EQ(console.vault.status().data_keys, 1U);
   expect_whole(3);
}

TEST_F(RotationTest, without_the_key_nothing_is_rotated_and_no_new_key_is_made) {
   { SealedStore(data()).add("One", "first"); }
   std::filesystem::rename(key_file(), data() / "elsewhere");
   SealedStore console(data());
   const auto rotated = console.vault.rotate();
   ASSERT_FALSE(rotated);
   EXPECT_EQ(rotated.finding().code, "host.secret_unreadable");
   EXPECT_FALSE(std::filesystem::exists(key_file()));
   EXPECT_FALSE(std::filesystem::exists(next_file()));
   EXPECT_EQ(console.vault.status().unreadable, 2U);
   std::filesystem::rename(data() / "elsewhere", key_file());
   expect_whole(1);
}

TEST_F(RotationTest, an_empty_store_can_be_rotated) {
   ASSERT_TRUE(SealedStore(data()).vault.rotate());
   EXPECT_FALSE(std::filesystem::exists(next_file()));
   SealedStore(data()).add("One", "first");
   expect_whole(1);
}

TEST_F(RotationTest, goes_over_from_the_key_file_to_a_systemd_credential_and_from_one_to_the_next) {
   { SealedStore(data()).add("One", "first"); }
   const std::string file = test_support::read_file(key_file());
   const TempDir first;
   {
      SealedStore console(data(), credential(first, 'a'));
      const auto rotated = console.vault.rotate();
      ASSERT_TRUE(rotated);
      EXPECT_FALSE(rotated.value().new_key_encryption_key);
      const SecretsStatus status = console.vault.status();
      ASSERT_TRUE(status.key);
      EXPECT_EQ(status.key->from, KeyEncryptionKey::From::credential);
      EXPECT_EQ(status.unneeded_key_file, key_file());
      EXPECT_EQ(test_support::read_file(key_file()), file);
   }
   // The administrator gives the former credential as the key file while he brings in the new one.
   test_support::write_file(key_file(), std::string(64, 'a') + "\n");
   ASSERT_EQ(::chmod(key_file().c_str(), 0600), 0);
   const TempDir second;
   const std::string credentials = credential(second, 'b');
   ASSERT_TRUE(SealedStore(data(), credentials).vault.rotate());
   std::filesystem::remove(key_file());
   SealedStore after(data(), credentials);
   EXPECT_EQ(after.first_flaw().value_or(""), "");
   EXPECT_EQ(after.vault.status().unreadable, 0U);
}

TEST_F(RotationTest, status_says_what_keeps_the_key_from_being_used) {
   { SealedStore(data()).add("One", "first"); }
   ASSERT_EQ(::chmod(key_file().c_str(), 0640), 0);
   const SecretsStatus status = SealedStore(data()).vault.status();
   ASSERT_TRUE(status.problem);
   EXPECT_NE(status.problem->summary.find("Other users may read the key file"), std::string::npos);
   EXPECT_EQ(status.secrets, 2U);
   EXPECT_EQ(status.unreadable, 2U);
   EXPECT_FALSE(status.key);
}

TEST_F(RotationTest, processes_that_rotate_and_save_at_once_lose_nothing) {
   constexpr int kWriters = 3;
   constexpr int kEach = 8;
   { SealedStore(data()).add("One", "first"); }
   std::vector<test::Child> children;
   for (int writer = 0; writer < kWriters; ++writer) {
      children.emplace_back([&, writer] {
         SealedStore console(data());
         for (int i = 0; i < kEach; ++i) {
            const std::string name = std::to_string(writer) + "-" + std::to_string(i);
            console.edit(console.add(name, "added"), "edited");
            EXPECT_EQ(console.first_flaw().value_or(""), "");
         }
      });
   }
   for (int rotator = 0; rotator < 2; ++rotator) {
      children.emplace_back([&] {
         SealedStore console(data());
         for (int i = 0; i < kEach; ++i) {
            const auto rotated = console.vault.rotate();
            EXPECT_TRUE(rotated) << rotated.finding().summary;
         }
      });
   }
   for (test::Child& child : children) EXPECT_EQ(child.wait(), 0);
   expect_whole(1 + kWriters * kEach);
   EXPECT_FALSE(std::filesystem::exists(next_file()));
   EXPECT_EQ(SealedStore(data()).vault.status().data_keys, 1U);
}

TEST_F(RotationTest, killed_at_any_moment_it_loses_nothing_and_the_next_one_finishes_it) {
   { SealedStore(data()).add("One", "first"); }
   constexpr unsigned kSeed = 4;
   std::minstd_rand random(kSeed);
   for (int round = 0; round < 20; ++round) {
      const test::Signals rotated;
      test::Child rotating([&] {
         SealedStore console(data());
         while (console.vault.rotate()) rotated.send();
      });
      // Where in the next rotation it is hit is left to chance; what must hold is not.
      rotated.await(1 + round % 3);
      const std::chrono::microseconds pause(random() % 20'000);
      SCOPED_TRACE(testing::Message() << "seed " << kSeed << ", round " << round << ", a pause of " << pause.count()
                                      << " us");
      for (const auto until = std::chrono::steady_clock::now() + pause; std::chrono::steady_clock::now() < until;)
         std::this_thread::yield();
      rotating.kill();
      EXPECT_EQ(rotating.wait(), 128 + 9);
      expect_whole(1);
   }
   const std::string before = test_support::read_file(key_file());
   ASSERT_TRUE(SealedStore(data()).vault.rotate());
   expect_whole(1);
   expect_finished(before);
}

}  // namespace
