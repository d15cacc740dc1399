#include "core/lock_out_guard.hpp"

#include <gtest/gtest.h>

#include "core/check_history.hpp"
#include "test_support/temp_dir.hpp"

using namespace msp;
using namespace msp::console;

namespace {

constexpr std::int64_t kStart = 1'700'000'000;
constexpr std::int64_t kMinute = 60;

// What a check of all does with one integration: it asks the guard, and what a try finds is kept.
class LockOutGuard : public testing::Test {
 protected:
   LockOutGuard() : store_(directory_.path() / "data") {
      IntegrationRecord made;
      made.name = made.platform = "any";
      Store::Change change(store_);
      id_ = change.insert(made);
      change.commit();
   }

   [[nodiscard]] IntegrationRecord saved() const { return *store_.integration(id_); }

   void find(std::int64_t at, host::Outcome outcome, const char* code = nullptr) {
      host::CheckReport report;
      report.outcome = outcome;
      if (code != nullptr) report.findings.emplace_back().code = code;
      CheckRecord record;
      record.at = kStart + at;
      CheckHistory history(store_, 100);
      history.add(id_, saved().revision, report, record);
      EXPECT_TRUE(history.finish());
   }
   void find_unclear(std::int64_t at) { find(at, host::Outcome::refused, "auth.unclear"); }

   [[nodiscard]] bool tries(std::int64_t at) const { return may_try(saved(), kStart + at); }

   test_support::TempDir directory_;
   Store store_;
   std::int64_t id_ = 0;
};

TEST_F(LockOutGuard, an_unclear_refusal_is_tried_again_twice_fifteen_minutes_apart_and_then_waits_for_a_person) {
   const struct {
      std::int64_t at;
      bool tried;
   } times[] = {
       {0, true},
       {1, false},
       {15 * kMinute - 1, false},
       {15 * kMinute, true},
       {30 * kMinute - 1, false},
       {30 * kMinute, true},  // the third
       {45 * kMinute - 1, false},
       {45 * kMinute, false},
       {100 * 24 * 60 * kMinute, false},
   };
   for (const auto& each : times) {
      EXPECT_EQ(tries(each.at), each.tried) << each.at;
      if (tries(each.at)) find_unclear(each.at);
   }
   EXPECT_EQ(saved().refused_at, kStart) << "since the first one";
   EXPECT_FALSE(tries_again_at(saved()));
}

TEST_F(LockOutGuard, the_time_between_counts_from_the_last_try) {
   find_unclear(0);
   find_unclear(20 * kMinute);  // a person asked for it
   EXPECT_EQ(tries_again_at(saved()), kStart + 35 * kMinute);
   EXPECT_FALSE(tries(35 * kMinute - 1));
   EXPECT_TRUE(tries(35 * kMinute));
}

TEST_F(LockOutGuard, a_clear_refusal_waits_for_a_person_whatever_comes_later) {
   find(0, host::Outcome::refused, "auth.rejected");
   EXPECT_FALSE(tries(60 * kMinute));
   find_unclear(60 * kMinute);
   EXPECT_FALSE(tries(120 * kMinute)) << "clear stays clear";
}

TEST_F(LockOutGuard, an_unclear_refusal_that_becomes_clear_is_not_tried_again) {
   find_unclear(0);
   find(15 * kMinute, host::Outcome::refused, "auth.locked");
   EXPECT_FALSE(tries(30 * kMinute));
   EXPECT_EQ(saved().refused_at, kStart);
}

TEST_F(LockOutGuard, what_says_nothing_of_the_credentials_gives_no_further_try) {
   find_unclear(0);
   find(15 * kMinute, host::Outcome::unavailable, "platform.unavailable");
   EXPECT_EQ(saved().unclear_refusals, 1);
   EXPECT_TRUE(tries(15 * kMinute)) << "nothing was refused";
}

TEST_F(LockOutGuard, accepted_credentials_and_new_ones_begin_from_the_start) {
   for (const bool edit : {false, true}) {
      for (const std::int64_t at : {0, 15, 30}) find_unclear(at * kMinute);
      EXPECT_FALSE(tries(60 * kMinute));
      if (edit) {
         Store::Change change(store_);
         change.update(saved());
         change.commit();
      } else {
         find(31 * kMinute, host::Outcome::accepted);
      }
      EXPECT_FALSE(saved().refused_at);
      EXPECT_TRUE(tries(31 * kMinute));
      EXPECT_EQ(saved().unclear_refusals, 0);
   }
   find_unclear(0);
   EXPECT_TRUE(tries_again_at(saved()));
}

TEST_F(LockOutGuard, a_missing_right_is_no_refusal_of_the_credentials) {
   find(0, host::Outcome::refused, "perm.missing");
   EXPECT_TRUE(tries(1));
}

}  // namespace
