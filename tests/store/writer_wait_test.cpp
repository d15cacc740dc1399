#include "store/writer_wait.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "test_support/temp_dir.hpp"

namespace {

using msp::console::WriterWait;
using std::chrono::milliseconds;

class WriterWaitTest : public testing::Test {
 protected:
   // Another process changes the database.
   void somebody_writes() { std::filesystem::last_write_time(log_, written_ += std::chrono::seconds(1)); }

   void SetUp() override {
      std::ofstream{log_};
      somebody_writes();
   }

   test_support::TempDir directory_;
   std::filesystem::path log_ = directory_.path() / "console.db-wal";
   std::filesystem::file_time_type written_;
   WriterWait wait_{directory_.path() / "console.db"};
   const WriterWait::Clock::time_point start_;
};

TEST_F(WriterWaitTest, gives_up_when_nobody_has_written_for_half_a_minute) {
   EXPECT_TRUE(wait_.next(0, start_));
   EXPECT_TRUE(wait_.next(1, start_ + WriterWait::kLongestStandstill));
   EXPECT_FALSE(wait_.next(2, start_ + WriterWait::kLongestStandstill + milliseconds(1)));
}

TEST_F(WriterWaitTest, goes_on_while_others_write_but_not_for_ever) {
   EXPECT_TRUE(wait_.next(0, start_));
   int pauses = 0;
   for (auto waited = milliseconds(0); waited <= WriterWait::kLongestWait; waited += WriterWait::kLongestStandstill) {
      somebody_writes();
      EXPECT_TRUE(wait_.next(++pauses, start_ + waited)) << waited.count();
   }
   somebody_writes();
   EXPECT_FALSE(wait_.next(++pauses, start_ + WriterWait::kLongestWait + milliseconds(1)));
}

TEST_F(WriterWaitTest, begins_from_nothing_the_next_time) {
   EXPECT_TRUE(wait_.next(0, start_));
   EXPECT_FALSE(wait_.next(1, start_ + std::chrono::hours(1)));
   EXPECT_TRUE(wait_.next(0, start_ + std::chrono::hours(1)));
}

TEST_F(WriterWaitTest, pauses_shortly_however_often_it_has_paused) {
   for (const int pauses : {0, 1, 10, 1'000'000}) {
      const auto pause = wait_.next(pauses, start_);
      ASSERT_TRUE(pause);
      EXPECT_GT(pause->count(), 0);
      EXPECT_LE(*pause, WriterWait::kLongestPause);
   }
}

}  // namespace
