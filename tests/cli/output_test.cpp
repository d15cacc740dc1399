#include "cli/output.hpp"

#include <gtest/gtest.h>

#include <string>

#include "cli/columns.hpp"

using namespace msp;
using namespace msp::console;

namespace {

// A finding may hold anything, and what was redacted when it came may have been put together since.
TEST(Output, says_no_secret_on_either_stream) {
   const std::string secret = "Canary-7Qx!pw-Zz93";
   host::Redactor redactor;
   const auto lease = redactor.add(secret);
   Output output;
   output.redact_with(redactor);

   testing::internal::CaptureStderr();
   output.problem({"net.connect", "The server said " + secret + ".", "Do not type " + secret + " again."}, {});
   output.note("A note with " + secret + "\n");
   const std::string errors = testing::internal::GetCapturedStderr();
   EXPECT_EQ(errors.find("Canary"), std::string::npos) << errors;
   EXPECT_NE(errors.find("The server said [redacted]."), std::string::npos) << errors;
   EXPECT_NE(errors.find("Do not type [redacted] again."), std::string::npos) << errors;
   EXPECT_NE(errors.find("A note with [redacted]"), std::string::npos) << errors;

   testing::internal::CaptureStdout();
   output.result("A result with " + secret + "\n");
   EXPECT_EQ(testing::internal::GetCapturedStdout(), "A result with [redacted]\n");
}

TEST(Output, a_secret_that_was_wrapped_at_its_blanks_is_still_one) {
   host::Redactor redactor;
   const auto lease = redactor.add("correct horse 7 battery staple");
   Output output;
   output.redact_with(redactor);
   testing::internal::CaptureStdout();
   output.result(wrapped("It is correct horse 7 battery staple.", 2, 20));
   EXPECT_EQ(testing::internal::GetCapturedStdout(), "  It is [redacted].\n");
}

// The half that is left reads like a word: only the whole tells that it is a secret's.
TEST(Output, a_secret_is_taken_out_before_its_line_is_cut) {
   const std::string secret = "Canary-7Qx!pw-Zz93";
   host::Redactor redactor;
   const auto lease = redactor.add(secret);
   Output output;
   output.redact_with(redactor);
   for (std::size_t pad = 60; pad <= 105; ++pad) {
      testing::internal::CaptureStdout();
      const std::string text = std::string(pad, 'x') + secret + std::string(60, 'y');
      output.result(one_line(text, 100) + cut(text, 100, {false, true, 80}));
      const std::string shown = testing::internal::GetCapturedStdout();
      EXPECT_EQ(shown.find("xC"), std::string::npos) << shown;
      EXPECT_EQ(shown.find("-Zz93"), std::string::npos) << shown;
      EXPECT_LE(columns(shown), 200U);
   }
}

TEST(Output, what_is_cut_ends_with_a_whole_word) {
   EXPECT_EQ(one_line("one two three", 13), "one two three");
   EXPECT_EQ(one_line("one two three", 12), "one two…");
   EXPECT_EQ(one_line("one two  three", 12), "one two…");
   EXPECT_EQ(one_line("one two\nthree four", 16), "one two three…");
   EXPECT_EQ(one_line(std::string(50, 'a'), 20), std::string(17, 'a') + "…") << "there is only one word";
   EXPECT_EQ(one_line("so " + std::string(60, 'a'), 60), "so " + std::string(54, 'a') + "…") << "too much would go";
}

// Nobody counts 20817 seconds.
TEST(Output, a_time_to_wait_is_told_in_the_unit_that_a_person_would_use) {
   struct Case {
      int seconds;
      const char* words;
   };
   const Case cases[] = {{0, "0 seconds"},   {1, "1 second"},    {2, "2 seconds"},    {120, "120 seconds"},
                         {121, "3 minutes"}, {180, "3 minutes"}, {181, "4 minutes"},  {7200, "120 minutes"},
                         {7201, "3 hours"},  {20817, "6 hours"}, {86400, "24 hours"}, {2147483647, "596524 hours"}};
   for (const Case& c : cases) EXPECT_EQ(waiting_time(c.seconds), c.words) << c.seconds;
}

}  // namespace
