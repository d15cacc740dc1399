#include "core/check_history.hpp"

#include <gtest/gtest.h>

#include "test_support/temp_dir.hpp"

using namespace msp;
using namespace msp::console;

namespace {

host::CheckReport report(host::Outcome outcome, const std::string& code = "") {
   host::CheckReport made;
   made.outcome = outcome;
   if (!code.empty()) made.findings.emplace_back().code = code;
   return made;
}

CheckRecord at(std::int64_t time) {
   CheckRecord made;
   made.at = time;
   made.document = "{}";
   return made;
}

TEST(CredentialsAfter, only_an_answer_about_them_says_something) {
   using host::Outcome;
   EXPECT_EQ(credentials_after(report(Outcome::accepted)), Credentials::accepted);
   EXPECT_EQ(credentials_after(report(Outcome::refused, "auth.rejected")), Credentials::refused);
   EXPECT_EQ(credentials_after(report(Outcome::refused, "auth.unclear")), Credentials::unclear);
   EXPECT_EQ(credentials_after(report(Outcome::refused)), Credentials::refused);
   EXPECT_EQ(credentials_after(report(Outcome::refused, "perm.missing")), Credentials::accepted);
   for (const auto outcome : {Outcome::unreachable, Outcome::throttled, Outcome::unavailable, Outcome::timed_out,
                              Outcome::incompatible, Outcome::failed, Outcome::invalid_settings}) {
      EXPECT_EQ(credentials_after(report(outcome, "auth.rejected")), Credentials::unknown);
   }
}

class CheckHistoryTest : public testing::Test {
 protected:
   CheckHistoryTest() : store_(directory_.path() / "data") {
      IntegrationRecord made;
      made.name = made.platform = "any";
      Store::Change change(store_);
      id_ = change.insert(made);
      change.commit();
      revision_ = store_.integration(id_)->revision;
   }

   test_support::TempDir directory_;
   Store store_;
   std::int64_t id_ = 0;
   std::int64_t revision_ = 0;
};

TEST_F(CheckHistoryTest, is_written_when_it_is_full_and_at_the_end) {
   CheckHistory history(store_, 2);
   history.add(id_, revision_, report(host::Outcome::accepted), at(1));
   EXPECT_EQ(store_.checks(id_).size(), 0U);
   history.add(id_, revision_, report(host::Outcome::unreachable), at(2));
   EXPECT_EQ(store_.checks(id_).size(), 2U);
   history.add(id_, revision_, report(host::Outcome::accepted), at(3));
   EXPECT_TRUE(history.finish());
   EXPECT_EQ(store_.checks(id_).size(), 3U);
}

TEST_F(CheckHistoryTest, a_refusal_is_written_at_once_and_remembers_the_first) {
   CheckHistory history(store_, 100);
   history.add(id_, revision_, report(host::Outcome::refused), at(5));
   EXPECT_EQ(store_.integration(id_)->refused_at, 5);
   history.add(id_, revision_, report(host::Outcome::refused), at(6));
   EXPECT_EQ(store_.integration(id_)->refused_at, 5);
   history.add(id_, revision_, report(host::Outcome::timed_out), at(7));
   EXPECT_TRUE(history.finish());
   EXPECT_EQ(store_.integration(id_)->refused_at, 5);
   CheckHistory later(store_, 1);
   later.add(id_, revision_, report(host::Outcome::accepted), at(8));
   EXPECT_EQ(store_.integration(id_)->refused_at, std::nullopt);
}

TEST_F(CheckHistoryTest, an_unclear_refusal_is_written_at_once_too) {
   CheckHistory history(store_, 100);
   history.add(id_, revision_, report(host::Outcome::refused, "auth.unclear"), at(5));
   EXPECT_EQ(store_.integration(id_)->refused_at, 5);
   EXPECT_EQ(store_.integration(id_)->unclear_refusals, 1);
   EXPECT_TRUE(history.finish());
}

TEST_F(CheckHistoryTest, what_was_found_with_other_settings_is_not_kept) {
   {
      Store::Change change(store_);
      change.update(*store_.integration(id_));
      change.commit();
   }
   CheckHistory history(store_, 1);
   history.add(id_, revision_, report(host::Outcome::refused), at(5));
   EXPECT_TRUE(history.finish());
   EXPECT_TRUE(history.left_out());
   EXPECT_EQ(store_.integration(id_)->refused_at, std::nullopt);
   EXPECT_TRUE(store_.checks(id_).empty());
}

TEST_F(CheckHistoryTest, a_cancelled_check_and_a_removed_integration_leave_nothing) {
   CheckHistory history(store_, 1);
   history.add(id_, revision_, report(host::Outcome::cancelled), at(5));
   history.add(id_ + 1, revision_, report(host::Outcome::accepted), at(5));
   EXPECT_TRUE(history.finish());
   EXPECT_TRUE(store_.checks(id_).empty());
}

TEST_F(CheckHistoryTest, the_baseline_outlives_the_newest_checks) {
   {
      Store::Change change(store_);
      change.add_baseline(id_, at(1));
      change.commit();
   }
   CheckHistory history(store_, 10);
   for (int i = 0; i < Store::kChecksKept + 5; ++i) {
      history.add(id_, revision_, report(host::Outcome::accepted), at(10 + i));
   }
   EXPECT_TRUE(history.finish());
   EXPECT_EQ(store_.checks(id_).size(), static_cast<std::size_t>(Store::kChecksKept) + 1);
   ASSERT_TRUE(store_.baseline(id_));
   EXPECT_EQ(store_.baseline(id_)->at, 1);
}

}  // namespace
