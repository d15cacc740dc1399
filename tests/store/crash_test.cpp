// Many processes at once, and processes that die or find no space while they write.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "child_process.hpp"
#include "file_faults.hpp"
#include "sealed_store.hpp"
#include "store/finding_error.hpp"
#include "store/private_files.hpp"
#include "test_support/temp_dir.hpp"

using namespace msp;
using namespace msp::console;
using test::FileFault;
using test::SealedStore;
using test_support::TempDir;

namespace {

// The integrations that every one of these tests begins with.
struct Before {
   explicit Before(const std::filesystem::path& data) {
      SealedStore console(data);
      kept = console.add("Kept", "kept");
      edited = console.add("Edited", "old");
      removed = console.add("Removed", "removed");
   }
   std::int64_t kept = 0;
   std::int64_t edited = 0;
   std::int64_t removed = 0;
};

// How far an add, an edit and a removal came, or what is half done.
int progress(const std::filesystem::path& data, const Before& before) {
   SealedStore console(data);
   EXPECT_EQ(console.first_flaw().value_or(""), "");
   EXPECT_EQ(console.open(before.kept), "kept password");
   const bool added = console.store.integration("New").has_value();
   const bool edited = console.open(before.edited) == "new password";
   const bool removed = !console.store.integration(before.removed);
   EXPECT_FALSE(edited && !added) << "what was saved first is lost";
   EXPECT_FALSE(removed && !edited) << "what was saved first is lost";
   // And it goes on.
   console.add("After", "after");
   EXPECT_EQ(console.first_flaw().value_or(""), "");
   return (added ? 1 : 0) + (edited ? 1 : 0) + (removed ? 1 : 0);
}

TEST(Crash, killed_at_any_write_of_add_edit_and_remove_every_integration_is_wholly_old_or_new) {
   const TempDir prepared;
   const Before before(prepared.path());
   int reached = 0;
   int changes = 0;
   for (bool finished = false; !finished; ++changes) {
      const TempDir directory;
      std::filesystem::copy(prepared.path(), directory.path(), std::filesystem::copy_options::recursive);
      const int end = test::in_child([&] {
         test::plan_file_fault(changes + 1, FileFault::kill);
         SealedStore console(directory.path());
         console.add("New", "added");
         console.edit(before.edited, "new");
         console.remove(before.removed);
      });
      finished = end == 0;
      ASSERT_TRUE(finished || end == 128 + SIGKILL) << end;
      const int now = progress(directory.path(), before);
      EXPECT_GE(now, reached) << "killed later, less was saved";
      reached = now;
   }
   EXPECT_EQ(reached, 3);
   EXPECT_GT(changes, 20);
}

TEST(Crash, killed_at_any_moment_again_and_again_nothing_is_half_done) {
   const TempDir directory;
   { SealedStore(directory.path()).add("Kept", "kept"); }
   constexpr unsigned kSeed = 1;
   std::minstd_rand random(kSeed);
   for (int round = 0; round < 25; ++round) {
      const test::Signals saved;
      test::Child child([&] {
         SealedStore console(directory.path());
         for (int i = 0;; ++i) {
            const std::string secret = std::to_string(round) + "-" + std::to_string(i);
            const std::int64_t id = console.add(secret, secret);
            saved.send();
            console.edit(id, secret + "-edited");
            saved.send();
            if (i % 2 == 0) console.remove(id);
         }
      });
      // Which moment it is, is left to chance; what must hold is not.
      saved.await(1 + round % 4);
      const std::chrono::microseconds pause(random() % 10'000);
      SCOPED_TRACE(testing::Message() << "seed " << kSeed << ", round " << round << ", a pause of " << pause.count()
                                      << " us");
      for (const auto until = std::chrono::steady_clock::now() + pause; std::chrono::steady_clock::now() < until;)
         std::this_thread::yield();
      child.kill();
      EXPECT_EQ(child.wait(), 128 + SIGKILL);
      SealedStore console(directory.path());
      ASSERT_EQ(console.first_flaw().value_or(""), "");
      ASSERT_TRUE(console.store.integration("Kept"));
      const auto first = console.store.integration(std::to_string(round) + "-0");
      EXPECT_FALSE(first && round % 4 >= 2) << "the second was told, and before it the first was removed";
   }
}

TEST(Crash, one_hundred_writers_at_once_lose_nothing) {
   constexpr int kProcesses = 10;
   constexpr int kThreads = 10;
   const TempDir directory;
   std::vector<test::Child> children;
   for (int process = 0; process < kProcesses; ++process) {
      children.emplace_back([&, process] {
         std::vector<std::thread> writers;
         for (int writer = 0; writer < kThreads; ++writer) {
            writers.emplace_back([&, who = std::to_string(process) + "." + std::to_string(writer)] {
               try {
                  // Each as a process of its own would: the first of them make the database and the keys.
                  SealedStore console(directory.path());
                  const std::int64_t id = console.add("one " + who, "first");
                  console.remove(console.add("two " + who, "second"));
                  console.edit(id, "of " + who);
                  EXPECT_EQ(console.open(id), "of " + who + " password");
               } catch (const FindingError& error) {
                  ADD_FAILURE() << error.finding().summary;
               }
            });
         }
         for (std::thread& writer : writers) writer.join();
      });
   }
   for (test::Child& child : children) EXPECT_EQ(child.wait(), 0);

   SealedStore console(directory.path());
   EXPECT_EQ(console.first_flaw().value_or(""), "");
   EXPECT_EQ(console.store.integrations().size(), static_cast<std::size_t>(kProcesses * kThreads));
   for (const IntegrationRecord& record : console.store.integrations()) {
      EXPECT_EQ(console.open(record.id), "of " + record.name.substr(4) + " password");
      EXPECT_EQ(record.revision, 2);
   }
   EXPECT_EQ(console.vault.status().data_keys, 1U);
}

TEST(Crash, without_space_a_change_is_refused_in_one_sentence_and_nothing_is_changed) {
   const TempDir prepared;
   const Before before(prepared.path());
   int changes = 0;
   for (bool met = true; met; ++changes) {
      const TempDir directory;
      std::filesystem::copy(prepared.path(), directory.path(), std::filesystem::copy_options::recursive);
      test::plan_file_fault(changes + 1, FileFault::disk_full);
      int done = 0;
      try {
         SealedStore console(directory.path());
         const auto step = [&](const std::function<void()>& change) {
            change();
            ++done;
         };
         step([&] { console.add("New", "added"); });
         step([&] { console.edit(before.edited, "new"); });
         step([&] { console.remove(before.removed); });
      } catch (const FindingError& error) {
         EXPECT_EQ(error.finding().code, "host.storage");
         EXPECT_NE(error.finding().summary.find("The disk is full"), std::string::npos) << error.finding().summary;
      }
      met = test::met_file_fault();
      test::no_file_faults();
      EXPECT_EQ(progress(directory.path(), before), done) << "at change " << changes + 1;
   }
   EXPECT_GT(changes, 20);
}

TEST(Crash, killed_while_a_key_file_is_written_nothing_is_left_of_it) {
   const TempDir directory;
   const int nameless = ::open(directory.path().c_str(), O_TMPFILE | O_WRONLY, 0600);
   if (nameless < 0) GTEST_SKIP() << "this file system has no files without a name";
   ::close(nameless);
   EXPECT_EQ(test::in_child([&] {
                const rlimit none{0, 0};
                ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);  // the first byte kills
                (void)create_private_file(directory.path() / "key", "secret");
             }),
             128 + SIGXFSZ);
   EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

TEST(Crash, a_rotation_that_is_killed_at_any_write_loses_nothing) {
   const TempDir prepared;
   const Before before(prepared.path());
   int changes = 0;
   for (bool finished = false; !finished; ++changes) {
      const TempDir directory;
      std::filesystem::copy(prepared.path(), directory.path(), std::filesystem::copy_options::recursive);
      const int end = test::in_child([&] {
         test::plan_file_fault(changes + 1, FileFault::kill);
         EXPECT_TRUE(SealedStore(directory.path()).vault.rotate());
      });
      finished = end == 0;
      ASSERT_TRUE(finished || end == 128 + SIGKILL) << end;
      SealedStore console(directory.path());
      EXPECT_EQ(console.first_flaw().value_or(""), "");
      ASSERT_TRUE(console.vault.rotate());
      EXPECT_EQ(console.first_flaw().value_or(""), "");
      const SecretsStatus status = console.vault.status();
      EXPECT_EQ(status.data_keys, 1U);
      EXPECT_FALSE(status.rotation_interrupted);
   }
   EXPECT_GT(changes, 10);
}

}  // namespace
