#include "msp/sdk/unusable_answer.hpp"

#include <gtest/gtest.h>

#include "msp/testing/fakes.hpp"

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

TEST(SdkUnusableAnswer, a_lost_answer_to_a_sign_in_claims_no_refusal_and_warns_of_the_lock) {
   const Finding finding = UnusableAnswer("VSA", "the sign-in", 0).lost();
   const msp_finding table = finding.table();
   EXPECT_STREQ(table.code, "auth.unclear");
   EXPECT_STREQ(table.summary, "The answer to the sign-in could not be read, so whether VSA refused it is not known.");
   EXPECT_EQ(table.severity, MSP_ERROR);
   EXPECT_EQ(table.http_status, 0);
   EXPECT_NE(std::string_view(table.remedy).find("refused sign-ins can lock the user"), std::string_view::npos);
}

TEST(SdkUnusableAnswer, an_operation_ends_by_the_status_or_at_the_hosts_reason) {
   const struct {
      msp::test::FakeAnswer answer;
      Outcome outcome;
      const char* code;
      int retry_after = 0;
   } cases[] = {
       {{0, {}, {}, {{MSP_UNREACHABLE, "net.dns"}}}, Outcome::unreachable, "net.dns"},
       {{200, "<html>", {}, {}}, Outcome::unavailable, "platform.unexpected_response"},
       {{299, {}, {}, {}}, Outcome::unavailable, "platform.unexpected_response"},
       {{300, {}, {}, {}}, Outcome::unavailable, "platform.redirected"},
       {{399, {}, {}, {}}, Outcome::unavailable, "platform.redirected"},
       {{400, {}, {}, {}}, Outcome::unavailable, "platform.unexpected_response"},
       {{429, {}, {{"Retry-After", "30"}}, {}}, Outcome::throttled, "platform.throttled", 30},
       {{499, {}, {}, {}}, Outcome::unavailable, "platform.unexpected_response"},
       {{500, {}, {}, {}}, Outcome::unavailable, "platform.unavailable"},
       {{503, {}, {{"Retry-After", "7"}}, {}}, Outcome::unavailable, "platform.unavailable", 7},
   };
   for (const auto& each : cases) {
      msp::test::FakeHost host;
      msp::test::FakeCall fake_call;
      Call call(fake_call.table());
      host.answers["https://a.example/"] = {each.answer};
      const Response response = Http(Host(host.table())).send(call, Request("GET", "https://a.example/"));
      EXPECT_EQ(end_at_unusable(call, response, "VSA", "the sign-in"), each.outcome) << each.answer.status;
      ASSERT_EQ(fake_call.findings.size(), 1U);
      EXPECT_EQ(fake_call.findings[0].code, each.code) << each.answer.status;
      EXPECT_EQ(fake_call.findings[0].http_status, each.answer.status);
      EXPECT_EQ(fake_call.findings[0].retry_after_s, each.retry_after) << each.answer.status;
   }
}

}  // namespace
