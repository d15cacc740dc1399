#include "core/check_queue.hpp"

#include <gtest/gtest.h>

#include <future>

#include "core/account_turns.hpp"

using namespace msp::console;

namespace {

const AccountTurns::Account kOne{"autotask", "501"};
const AccountTurns::Account kOther{"autotask", "502"};

std::vector<CheckQueue::Entry> entries(const std::vector<std::pair<std::int64_t, AccountTurns::Account>>& list) {
   std::vector<CheckQueue::Entry> made;
   for (const auto& [integration, account] : list) made.push_back({integration, account, {}});
   return made;
}

TEST(CheckQueue, hands_out_one_of_each_account_and_the_next_when_that_is_done) {
   CheckQueue queue(entries({{1, kOne}, {2, kOne}, {3, kOther}}));
   EXPECT_EQ(queue.accounts(), 2U);
   const auto first = queue.next({});
   const auto second = queue.next({});
   ASSERT_TRUE(first && second);
   EXPECT_EQ(first->integration, 1);
   EXPECT_EQ(second->integration, 3) << "the second of the first account has to wait";
   auto third = std::async(std::launch::async, [&] { return queue.next({}); });
   queue.done(*second);
   queue.done(*first);
   EXPECT_EQ(third.get()->integration, 2);
   EXPECT_FALSE(queue.next({})) << "there is no more";
}

TEST(CheckQueue, the_same_number_on_another_platform_is_another_account) {
   CheckQueue queue(entries({{1, {"autotask", "1"}}, {2, {"kaseya_vsa", "1"}}}));
   EXPECT_TRUE(queue.next({}));
   EXPECT_TRUE(queue.next({}));
}

TEST(CheckQueue, who_waits_ends_when_nothing_is_left_and_upon_a_cancel) {
   CheckQueue queue(entries({{1, kOne}, {2, kOne}}));
   const auto first = queue.next({});
   std::stop_source cancel;
   auto cancelled = std::async(std::launch::async, [&] { return queue.next(cancel.get_token()); });
   cancel.request_stop();
   EXPECT_FALSE(cancelled.get());

   queue.done(*first);
   const auto last = queue.next({});
   auto waiting = std::async(std::launch::async, [&] { return queue.next({}); });
   EXPECT_FALSE(waiting.get()) << "it does not wait for a check that another makes";
   queue.done(*last);
}

TEST(AccountTurns, one_at_a_time_has_an_account_and_another_account_is_free) {
   AccountTurns turns;
   auto first = turns.take(kOne, {});
   EXPECT_TRUE(first);
   EXPECT_TRUE(turns.take(kOther, {}));
   EXPECT_TRUE(turns.take(kOther, {})) << "given back";
   std::stop_source cancel;
   auto cancelled = std::async(std::launch::async, [&] { return turns.take(kOne, cancel.get_token()) != nullptr; });
   cancel.request_stop();
   EXPECT_FALSE(cancelled.get()) << "it was still taken";
   auto waiting = std::async(std::launch::async, [&] { return turns.take(kOne, {}) != nullptr; });
   first.reset();
   EXPECT_TRUE(waiting.get());
}

}  // namespace
