#include "isolation/quarantine.hpp"

#include <gtest/gtest.h>

namespace msp::isolation {
namespace {

using namespace std::chrono_literals;
using Sentence = Quarantine::Sentence;

class QuarantineTest : public testing::Test {
 protected:
   Quarantine::Time now{1000000s};
   Quarantine quarantine{[this] { return now; }};

   void end_badly(int times) {
      for (int i = 0; i < times; ++i) quarantine.ended_badly("a");
   }
   bool free() const { return !quarantine.sentence("a"); }
};

TEST_F(QuarantineTest, two_bad_ends_are_bad_luck_and_the_third_is_quarantine_for_ten_minutes) {
   end_badly(2);
   EXPECT_TRUE(free());
   end_badly(1);
   EXPECT_EQ(quarantine.sentence("a"), Sentence{now + 10min});
   EXPECT_FALSE(quarantine.sentence("b"));
   now += 10min - 1s;
   EXPECT_FALSE(free());
   now += 1s;
   EXPECT_TRUE(free());
}

TEST_F(QuarantineTest, ends_of_ten_minutes_ago_do_not_count) {
   quarantine.ended_badly("a");
   now += 5min;
   quarantine.ended_badly("a");
   now += 5min;
   quarantine.ended_badly("a");
   EXPECT_TRUE(free());
   now += 5min - 1s;
   quarantine.ended_badly("a");
   EXPECT_FALSE(free());
}

TEST_F(QuarantineTest, each_one_lasts_twice_as_long_as_the_one_before_and_none_longer_than_a_day) {
   for (const auto length : {10min, 20min, 40min, 80min, 160min, 320min, 640min, 1280min, 1440min, 1440min}) {
      end_badly(3);
      EXPECT_EQ(quarantine.sentence("a"), Sentence{now + length});
      now += length;
      EXPECT_TRUE(free());
   }
}

TEST_F(QuarantineTest, a_day_without_trouble_makes_the_next_one_short_once_more) {
   end_badly(3);
   now += 10min;
   end_badly(3);
   now += 20min + 24h - 1s;
   end_badly(3);
   EXPECT_EQ(quarantine.sentence("a"), Sentence{now + 40min});
   now += 40min + 24h;
   EXPECT_TRUE(quarantine.records().empty());
   end_badly(3);
   EXPECT_EQ(quarantine.sentence("a"), Sentence{now + 10min});
}

TEST_F(QuarantineTest, a_forbidden_call_lasts_until_somebody_releases_the_plugin) {
   quarantine.made_forbidden_call("a");
   EXPECT_EQ(quarantine.sentence("a"), Sentence{});
   now += std::chrono::hours(24 * 365);
   EXPECT_FALSE(free());
   quarantine.release("a");
   EXPECT_TRUE(free());
   EXPECT_TRUE(quarantine.records().empty());
}

TEST_F(QuarantineTest, whoever_is_released_starts_from_nothing) {
   end_badly(3);
   quarantine.release("a");
   EXPECT_TRUE(free());
   end_badly(2);
   EXPECT_TRUE(free());
   end_badly(1);
   EXPECT_EQ(quarantine.sentence("a"), Sentence{now + 10min});
}

TEST_F(QuarantineTest, what_is_stored_goes_on_after_a_restart) {
   end_badly(3);
   quarantine.made_forbidden_call("b");
   quarantine.ended_badly("c");
   quarantine.ended_badly("c");
   Quarantine restarted([this] { return now; }, quarantine.records());
   EXPECT_EQ(restarted.records(), quarantine.records());
   EXPECT_EQ(restarted.sentence("a"), Sentence{now + 10min});
   EXPECT_EQ(restarted.sentence("b"), Sentence{});
   EXPECT_FALSE(restarted.sentence("c"));
   restarted.ended_badly("c");
   EXPECT_EQ(restarted.sentence("c"), Sentence{now + 10min});
}

TEST_F(QuarantineTest, a_clock_that_was_put_back_keeps_no_plugin_longer_than_a_day) {
   end_badly(3);
   now -= std::chrono::hours(24 * 365);
   EXPECT_EQ(quarantine.sentence("a"), Sentence{now + 24h});
   quarantine.ended_badly("b");
   quarantine.ended_badly("b");
   now -= 1h;
   quarantine.ended_badly("b");
   EXPECT_FALSE(quarantine.sentence("b"));
}

}  // namespace
}  // namespace msp::isolation
