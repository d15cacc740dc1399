#include "output.hpp"

#include <gtest/gtest.h>

#include <string>

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

}  // namespace
