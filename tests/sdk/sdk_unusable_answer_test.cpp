#include "msp/sdk/unusable_answer.hpp"

#include <gtest/gtest.h>

namespace {

using namespace msp::sdk;

TEST(SdkUnusableAnswer, every_finding_says_what_happened_and_what_to_do) {
   const UnusableAnswer answer("VSA", "the list of agents", 502);
   const std::string says = " VSA says: \"No\"";
   const std::tuple<Finding, const char*, const char*> cases[] = {
       {answer.redirected(), "platform.redirected",
        "VSA answered the list of agents with a redirect (HTTP 502), which is not followed because the credentials "
        "would be sent along."},
       {answer.throttled(says), "platform.throttled",
        "VSA is receiving too many requests at the moment. VSA says: \"No\""},
       {answer.unavailable(says), "platform.unavailable",
        "VSA is not available: it answered the list of agents with HTTP 502. VSA says: \"No\""},
       {answer.failed(says), "platform.unexpected_response",
        "VSA answered the list of agents with an error (HTTP 502). VSA says: \"No\""},
       {answer.asks_for_sign_in(), "platform.unexpected_response",
        "Something in front of VSA asks for a sign-in: the list of agents was answered with HTTP 502 by a proxy or "
        "gateway, not by VSA."},
       {answer.unexpected(), "platform.unexpected_response",
        "The answer to the list of agents (HTTP 502) is not what VSA sends."},
   };
   for (const auto& [finding, code, summary] : cases) {
      const msp_finding table = finding.table();
      EXPECT_STREQ(table.code, code);
      EXPECT_STREQ(table.summary, summary);
      EXPECT_EQ(table.severity, MSP_ERROR);
      EXPECT_EQ(table.http_status, 502);
      EXPECT_NE(table.remedy, nullptr) << code;
   }
}

}  // namespace
