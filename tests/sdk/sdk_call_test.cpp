#include "msp/sdk/call.hpp"

#include <gtest/gtest.h>

#include "msp/testing/fakes.hpp"

namespace {

using namespace msp::sdk;

TEST(SdkCall, an_absent_setting_reads_as_empty) {
   msp::test::FakeCall fake;
   fake.settings["user_name"] = "user";
   fake.secrets["password"] = "pa$$#";
   const Call call(fake.table());
   EXPECT_EQ(call.setting("user_name"), "user");
   EXPECT_EQ(call.setting("password"), "");
   EXPECT_EQ(call.secret("password"), "pa$$#");
   EXPECT_EQ(call.secret("user_name"), "");
}

TEST(SdkCall, a_call_without_time_left_is_cancelled) {
   msp::test::FakeCall fake;
   const Call call(fake.table());
   EXPECT_FALSE(call.cancelled());
   fake.remaining_ms = 0;
   EXPECT_TRUE(call.cancelled());
}

TEST(SdkCall, a_finding_arrives_with_all_that_was_said) {
   msp::test::FakeCall fake;
   Call call(fake.table());
   const Outcome outcome = call.end(
       Outcome::throttled,
       Finding::error("platform.throttled", "Too many.", "Wait.").field("server").http_status(429).retry_after(7));
   EXPECT_EQ(outcome, Outcome::throttled);
   ASSERT_EQ(fake.findings.size(), 1U);
   const auto& finding = fake.findings[0];
   EXPECT_EQ(finding.severity, MSP_ERROR);
   EXPECT_EQ(finding.code, "platform.throttled");
   EXPECT_EQ(finding.field, "server");
   EXPECT_EQ(finding.summary, "Too many.");
   EXPECT_EQ(finding.remedy, "Wait.");
   EXPECT_EQ(finding.http_status, 429);
   EXPECT_EQ(finding.retry_after_s, 7);
}

TEST(SdkCall, what_is_not_given_is_null_in_the_contract) {
   const Finding finding = Finding::warning("auth.method_deprecated", "Old.");
   const msp_finding table = finding.table();
   EXPECT_EQ(table.struct_size, sizeof(msp_finding));
   EXPECT_EQ(table.severity, MSP_WARNING);
   EXPECT_EQ(table.field, nullptr);
   EXPECT_EQ(table.remedy, nullptr);
   EXPECT_EQ(table.doc_url, nullptr);
   EXPECT_EQ(Finding(table).code(), "auth.method_deprecated");
}

TEST(SdkCall, grant_identity_and_session_arrive) {
   msp::test::FakeCall fake;
   Call call(fake.table());
   call.report(Grant{"tickets.update", Granted::none, How::introspected, "userAccessForUpdate=None"});
   call.report(Identity{"1", "One", "user", "https://a.example/"});
   Session session{"https://a.example/", {}, 42};
   session.headers.push_back({"Authorization", Secret("Bearer x")});
   session.query.push_back({"tenant", Secret("7"), true});
   call.report(session);
   call.progress("Working");

   ASSERT_EQ(fake.grants.size(), 1U);
   EXPECT_EQ(fake.grants[0], std::make_pair(std::string("tickets.update"), MSP_GRANTED_NONE));
   EXPECT_EQ(fake.evidence[0], "userAccessForUpdate=None");
   EXPECT_EQ(fake.identity, (std::vector<std::string>{"1", "One", "user", "https://a.example/"}));
   EXPECT_EQ(fake.base_url, "https://a.example/");
   EXPECT_EQ(fake.expires_at, 42);
   ASSERT_EQ(fake.headers.size(), 1U);
   EXPECT_EQ(fake.headers[0].second, "Bearer x");
   EXPECT_EQ(fake.query, (std::vector<std::pair<std::string, std::string>>{{"tenant", "7"}}));
   EXPECT_EQ(fake.progress, std::vector<std::string>{"Working"});
}

TEST(SdkCall, an_identity_without_an_account_says_so) {
   msp::test::FakeCall fake;
   msp_call table = fake.table();
   table.report_identity = [](const msp_call*, const msp_identity* given) noexcept {
      EXPECT_EQ(given->account, nullptr);
   };
   Call(table).report(Identity{"", "", "user", ""});
}

TEST(SdkCall, tells_why_and_for_whom_it_runs) {
   msp::test::FakeCall fake;
   EXPECT_FALSE(Call(fake.table()).session_was_rejected());
   EXPECT_FALSE(Call(fake.table()).attended());
   fake.set_flags(MSP_CALL_REJECTED | 0x80000000U);  // a bit of a later version
   EXPECT_TRUE(Call(fake.table()).session_was_rejected());
   EXPECT_FALSE(Call(fake.table()).attended());
   fake.set_flags(MSP_CALL_ATTENDED);
   EXPECT_TRUE(Call(fake.table()).attended());
}

TEST(SdkCall, a_wait_that_the_deadline_ends_is_no_full_one) {
   msp::test::FakeCall fake;
   const Call call(fake.table());
   fake.remaining_ms = 501;
   EXPECT_TRUE(call.wait(500));
   fake.remaining_ms = 500;
   EXPECT_FALSE(call.wait(500));
   fake.remaining_ms = 0;
   EXPECT_FALSE(call.wait(0));
}

}  // namespace
