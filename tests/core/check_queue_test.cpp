#include "core/check_queue.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <stop_token>
#include <thread>

#include "core/account_turns.hpp"

using namespace msp::console;

namespace {

const AccountTurns::Account kOne{"autotask", "501"};
const AccountTurns::Account kOther{"autotask", "502"};

// A wait that nobody ends is cancelled after a while, so that a test fails and does not hang.
class Patience {
 public:
   [[nodiscard]] std::stop_token token() const { return given_up_.get_token(); }
   ~Patience() {
      {
         const std::lock_guard lock(mutex_);
         over_ = true;
      }
      changed_.notify_all();
   }
   Patience() = default;
   Patience(const Patience&) = delete;
   Patience& operator=(const Patience&) = delete;

 private:
   std::stop_source given_up_;
   std::mutex mutex_;
   std::condition_variable changed_;
   bool over_ = false;
   std::jthread watch_{[this] {
      std::unique_lock lock(mutex_);
      if (!changed_.wait_for(lock, std::chrono::seconds(20), [this] { return over_; })) given_up_.request_stop();
   }};
};

std::vector<CheckQueue::Entry> entries(const std::vector<std::pair<std::int64_t, AccountTurns::Account>>& list) {
   std::vector<CheckQueue::Entry> made;
   for (const auto& [integration, account] : list) made.push_back({integration, account, {}});
   return made;
}

TEST(CheckQueue, hands_out_one_of_each_account_and_the_next_when_that_is_done) {
   const Patience patience;
   CheckQueue queue(entries({{1, kOne}, {2, kOne}, {3, kOther}}));
   EXPECT_EQ(queue.accounts(), 2U);
   const auto first = queue.next({});
   const auto second = queue.next({});
   ASSERT_TRUE(first && second);
   EXPECT_EQ(first->integration, 1);
   EXPECT_EQ(second->integration, 3) << "the second of the first account has to wait";
   auto waiting = std::async(std::launch::async, [&] { return queue.next(patience.token()); });
   queue.done(*second);
   queue.done(*first);
   const auto third = waiting.get();
   ASSERT_TRUE(third);
   EXPECT_EQ(third->integration, 2);
   EXPECT_FALSE(queue.next(patience.token())) << "there is no more";
   EXPECT_FALSE(patience.token().stop_requested()) << "nobody had to be told to give up";
}

TEST(CheckQueue, the_same_number_on_another_platform_is_another_account) {
   CheckQueue queue(entries({{1, {"autotask", "1"}}, {2, {"kaseya_vsa", "1"}}}));
   EXPECT_TRUE(queue.next({}));
   EXPECT_TRUE(queue.next({}));
}

TEST(CheckQueue, who_waits_ends_when_nothing_is_left_and_upon_a_cancel) {
   const Patience patience;
   CheckQueue queue(entries({{1, kOne}, {2, kOne}}));
   const auto first = queue.next({});
   ASSERT_TRUE(first);
   std::stop_source cancel;
   auto cancelled = std::async(std::launch::async, [&] { return queue.next(cancel.get_token()); });
   cancel.request_stop();
   EXPECT_FALSE(cancelled.get());

   queue.done(*first);
   EXPECT_FALSE(queue.next(cancel.get_token())) << "cancelled, though there is one";
   const auto last = queue.next(patience.token());
   ASSERT_TRUE(last);
   EXPECT_EQ(last->integration, 2);
   auto waiting = std::async(std::launch::async, [&] { return queue.next(patience.token()); });
   EXPECT_FALSE(waiting.get());
   EXPECT_FALSE(patience.token().stop_requested()) << "it does not wait for a check that another makes";
   queue.done(*last);
}

TEST(AccountTurns, one_at_a_time_has_an_account_and_another_account_is_free) {
   const Patience patience;
   AccountTurns turns;
   auto first = turns.take(kOne, {});
   EXPECT_TRUE(first);
   EXPECT_TRUE(turns.take(kOther, patience.token()));
   EXPECT_TRUE(turns.take(kOther, patience.token())) << "given back";
   std::stop_source cancel;
   auto cancelled = std::async(std::launch::async, [&] { return turns.take(kOne, cancel.get_token()) != nullptr; });
   cancel.request_stop();
   EXPECT_FALSE(cancelled.get()) << "it was still taken";
   auto waiting = std::async(std::launch::async, [&] { return turns.take(kOne, patience.token()) != nullptr; });
   first.reset();
   EXPECT_TRUE(waiting.get());
}

}  // namespace
