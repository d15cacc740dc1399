#include "isolation/runner_keeper.hpp"

#include <gtest/gtest.h>
#if !defined(_WIN32)
#include <sys/wait.h>
#endif

#include <set>
#include <stop_token>
#include <thread>
#include <vector>

#include "runner_scene.hpp"

namespace msp::isolation {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class RunnerKeeperTest : public testing::Test {
 protected:
   RunnerPlugin plugin = runner_plugin(attacking_plugin("call:environment"));
   RunnerPlugin other_plugin = runner_plugin(attacking_plugin("call:answer"));

   static void wait_until_ahead(const RunnerKeeper& keeper, std::size_t count) {
      const Deadline deadline = soon();
      while (keeper.ahead() != count && steady_clock::now() < deadline) std::this_thread::sleep_for(milliseconds(1));
      ASSERT_EQ(keeper.ahead(), count);
   }
   static long result(RunnerKeeper& keeper, const RunnerPlugin& of) {
      auto taken = keeper.take(of, soon());
      if (taken.index() != 0) return -1;
      const auto called = call_entry(*std::get<0>(taken), soon());
      return called.index() == 0 ? std::get<long>(called) : -1;
   }
};

TEST_F(RunnerKeeperTest, a_runner_that_was_started_ahead_is_taken_once_and_by_its_own_plugin) {
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};
   scene.keeper.start_ahead(plugin);
   wait_until_ahead(scene.keeper, 1);
   EXPECT_EQ(result(scene.keeper, other_plugin), 42);
   EXPECT_EQ(scene.keeper.ahead(), 1U);
   EXPECT_EQ(result(scene.keeper, plugin), 0);
   EXPECT_EQ(scene.keeper.ahead(), 0U);
   EXPECT_EQ(result(scene.keeper, plugin), 0);
}

TEST_F(RunnerKeeperTest, no_more_are_started_ahead_than_allowed) {
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER, {.max_ahead = 2}};
   for (int i = 0; i < 5; ++i) scene.keeper.start_ahead(plugin);
   wait_until_ahead(scene.keeper, 2);
   scene.keeper.start_ahead(plugin);
   EXPECT_EQ(result(scene.keeper, other_plugin), 42);  // ordered after it
   EXPECT_EQ(scene.keeper.ahead(), 2U);
}

TEST_F(RunnerKeeperTest, what_nobody_takes_ends_after_a_while) {
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER, {.idle = milliseconds(1)}};
   scene.keeper.start_ahead(plugin);
   EXPECT_EQ(result(scene.keeper, other_plugin), 42);
   wait_until_ahead(scene.keeper, 0);
}

TEST_F(RunnerKeeperTest, what_was_started_for_bytes_that_are_no_longer_used_ends) {
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};
   scene.keeper.start_ahead(plugin);
   scene.keeper.start_ahead(other_plugin);
   wait_until_ahead(scene.keeper, 2);
   scene.keeper.forget(plugin.bytes->sha256());
   EXPECT_EQ(scene.keeper.ahead(), 1U);
   EXPECT_EQ(result(scene.keeper, other_plugin), 42);
   EXPECT_EQ(scene.keeper.ahead(), 0U);
}

// Also the one that is being started, and those that are still to be.
TEST_F(RunnerKeeperTest, what_is_forgotten_while_it_is_started_never_waits) {
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};
   for (int i = 0; i < 3; ++i) scene.keeper.start_ahead(plugin);
   scene.keeper.forget(plugin.bytes->sha256());
   EXPECT_EQ(result(scene.keeper, other_plugin), 42);  // ordered after them
   EXPECT_EQ(scene.keeper.ahead(), 0U);
}

// Somebody killed it, or the system did: that is no finding about the plugin.
TEST_F(RunnerKeeperTest, one_that_ended_while_it_waited_is_replaced_by_a_fresh_one) {
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};
   const RunnerPlugin crashing = runner_plugin(attacking_plugin("load:null_pointer"));
   scene.keeper.start_ahead(crashing);
   wait_until_ahead(scene.keeper, 1);
   const auto taken = scene.keeper.take(crashing, soon());
   ASSERT_EQ(taken.index(), 1U);
   EXPECT_EQ(std::get<1>(taken).end.how, RunnerEnd::crashed);
   EXPECT_EQ(scene.keeper.ahead(), 0U);
}

TEST_F(RunnerKeeperTest, eight_workers_get_a_process_each) {
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};
   std::vector<std::thread> workers;
   std::mutex mutex;
   std::multiset<pid_t> processes;
   for (int i = 0; i < 8; ++i) {
      workers.emplace_back([&] {
         for (int round = 0; round < 3; ++round) {
            scene.keeper.start_ahead(plugin);
            auto taken = scene.keeper.take(plugin, soon());
            ASSERT_EQ(taken.index(), 0U);
            Runner& runner = *std::get<0>(taken);
            EXPECT_EQ(call_entry(runner, soon()), (std::variant<long, RunnerEnd>(0L)));
            const std::lock_guard lock(mutex);
            processes.insert(runner.pid());
         }
      });
   }
   for (std::thread& worker : workers) worker.join();
   EXPECT_EQ(processes.size(), 24U);
}

#if !defined(_WIN32)
TEST_F(RunnerKeeperTest, leaves_no_process_behind) {
   {
      RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};
      for (int i = 0; i < 3; ++i) scene.keeper.start_ahead(plugin);
      EXPECT_EQ(result(scene.keeper, plugin), 0);
   }
   // Neither alive nor waiting to be waited for.
   EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
   EXPECT_EQ(errno, ECHILD);
}
#endif

TEST_F(RunnerKeeperTest, a_plugin_that_hangs_while_it_is_loaded_holds_up_nobody_else) {
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};
   const RunnerPlugin hanging = runner_plugin(attacking_plugin("load:loop"));
   scene.keeper.start_ahead(hanging);
   std::thread waiting([&] {
      const auto taken = take_impatiently(scene.keeper, hanging, milliseconds(300));
      ASSERT_EQ(taken.index(), 1U);
      EXPECT_EQ(std::get<1>(taken).end.how, RunnerEnd::hung);
   });
   EXPECT_EQ(result(scene.keeper, plugin), 0);
   waiting.join();
}

// Who has nothing to wait for any more is not held up by a plugin, a debugger or the keeper's other work.
TEST_F(RunnerKeeperTest, a_cancel_ends_the_wait_for_a_plugin_that_hangs_while_it_is_loaded) {
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};
   const RunnerPlugin hanging = runner_plugin(attacking_plugin("load:loop"));
   scene.keeper.start_ahead(hanging);
   wait_until_ahead(scene.keeper, 1);
   std::stop_source cancel;
   std::thread canceller([&] { cancel.request_stop(); });
   const auto taken = scene.keeper.take(hanging, soon(), cancel.get_token());
   canceller.join();
   ASSERT_EQ(taken.index(), 1U);
   EXPECT_EQ(std::get<1>(taken).cause, NotStarted::cancelled);
   EXPECT_EQ(result(scene.keeper, plugin), 0);
}

TEST_F(RunnerKeeperTest, a_cancel_ends_the_wait_for_a_process_that_has_not_begun) {
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};
   std::stop_source cancel;
   RunnerPlugin debugged = plugin;
   debugged.before_start = [&](pid_t, const std::stop_token& unwanted) {
      cancel.request_stop();
      for (const Deadline deadline = soon(); !unwanted.stop_requested() && steady_clock::now() < deadline;)
         std::this_thread::yield();
   };
   const auto taken = scene.keeper.take(debugged, soon(), cancel.get_token());
   ASSERT_EQ(taken.index(), 1U);
   EXPECT_EQ(std::get<1>(taken).cause, NotStarted::cancelled);
   EXPECT_EQ(result(scene.keeper, plugin), 0) << "the keeper goes on";
}

// What an operation may take for granted of a channel with a runner at its other end.
TEST_F(RunnerKeeperTest, large_answers_go_there_and_back) {
   RunnerScene scene{MSP_TEST_ATTACKED_RUNNER};
   auto taken = scene.keeper.take(plugin, soon());
   ASSERT_EQ(taken.index(), 0U);
   const std::string text(std::size_t{8} << 20, 'x');
   ASSERT_EQ(std::get<0>(taken)->send(*encode(Echo{text}), soon()), Transfer::done);
   Frame frame;
   ASSERT_EQ(std::get<0>(taken)->receive(frame, soon()), Transfer::done);
   EXPECT_TRUE(decode<Echo>(frame)->text == text);
}

}  // namespace
}  // namespace msp::isolation
