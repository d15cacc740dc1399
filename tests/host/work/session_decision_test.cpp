#include "work/session_decision.hpp"

#include <gtest/gtest.h>

#include <string>

namespace msp::host {
namespace {

using Kind = SessionEvent::Kind;
using Next = SessionDecision::Next;

Session session(const char* token) {
   Session result;
   result.base_url = "https://api.example.com/";
   result.headers.emplace_back("Authorization", SecretBytes(token));
   return result;
}

OperationReport report(Outcome outcome, const char* token = nullptr) {
   OperationReport result;
   result.outcome = outcome;
   if (token != nullptr) result.session = session(token);
   if (outcome != Outcome::accepted) result.findings = {{"auth.rejected", "No.", "Try another."}};
   return result;
}

Manifest manifest() {
   Manifest result;
   result.name = "Example PSA";
   return result;
}

SessionDecision decide(const OperationReport& report, const SessionSituation& situation) {
   return decide_session(report, situation, manifest());
}

TEST(SessionDecision, an_accepted_sign_in_opens_a_session_or_renews_one) {
   const auto opened = decide(report(Outcome::accepted, "new"), {});
   EXPECT_EQ(opened.next, Next::use_new);
   EXPECT_EQ(opened.event, Kind::opened);
   const auto renewed = decide(report(Outcome::accepted, "new"), {.has_session = true});
   EXPECT_EQ(renewed.next, Next::use_new);
   EXPECT_EQ(renewed.event, Kind::renewed);
}

TEST(SessionDecision, a_refusal_is_kept_whatever_there_was) {
   const Session old = session("old");
   for (const bool expired : {false, true}) {
      for (const Session* rejected : {static_cast<const Session*>(nullptr), &old}) {
         const auto decision = decide(report(Outcome::refused), {rejected, true, expired});
         EXPECT_EQ(decision.next, Next::refuse);
         EXPECT_EQ(decision.event, Kind::refused);
         ASSERT_EQ(decision.findings.size(), 1U);
         EXPECT_EQ(decision.findings[0].summary, "No.");
      }
   }
}

// Sent once more it would be rejected once more, and counted.
TEST(SessionDecision, the_session_that_was_rejected_is_no_new_one) {
   const Session old = session("old");
   const auto same = decide(report(Outcome::accepted, "old"), {&old, true, false, 401});
   EXPECT_EQ(same.next, Next::reject);
   EXPECT_EQ(same.event, Kind::rejected);
   ASSERT_EQ(same.findings.size(), 1U);
   EXPECT_EQ(same.findings[0].code, "auth.rejected");
   EXPECT_EQ(same.findings[0].http_status, 401);
   EXPECT_EQ(same.findings[0].summary,
             "Example PSA rejected the session (HTTP 401), and signing in again gives no other one.");
   EXPECT_EQ(decide(report(Outcome::accepted, "new"), {&old, true, false}).next, Next::use_new);
   EXPECT_EQ(decide(report(Outcome::accepted, "old"), {nullptr, true, false}).next, Next::use_new)
       << "nobody rejected it";
}

TEST(SessionDecision, a_session_is_compared_with_the_one_of_its_name) {
   Session old = session("old");
   old.name = "files";
   OperationReport answer = report(Outcome::accepted, "old");
   EXPECT_EQ(decide(answer, {&old, true, false, 419}).next, Next::use_new) << "the main one is another session";
   answer.further_sessions.push_back(session("new"));
   answer.further_sessions.back().name = "files";
   EXPECT_EQ(decide(answer, {&old, true, false, 419}).next, Next::use_new);
   answer.further_sessions.back() = old.copy();
   const auto same = decide(answer, {&old, true, false, 419});
   EXPECT_EQ(same.next, Next::reject);
   EXPECT_EQ(same.findings.at(0).summary,
             "Example PSA rejected the session \"files\" (HTTP 419), and signing in again gives no other one.");
}

TEST(SessionDecision, only_a_session_that_is_good_and_not_rejected_outlives_a_failed_renewal) {
   const Session old = session("old");
   for (const Outcome outcome : {Outcome::unreachable, Outcome::throttled, Outcome::unavailable, Outcome::timed_out,
                                 Outcome::failed, Outcome::incompatible, Outcome::invalid_settings}) {
      SCOPED_TRACE(std::string(name(outcome)));
      EXPECT_EQ(decide(report(outcome), {nullptr, true, false}).next, Next::use_old);
      EXPECT_EQ(decide(report(outcome), {nullptr, true, true}).next, Next::give_up);
      EXPECT_EQ(decide(report(outcome), {&old, true, false}).next, Next::give_up);
      EXPECT_EQ(decide(report(outcome), {}).next, Next::give_up);
   }
   EXPECT_EQ(decide(report(Outcome::accepted), {}).next, Next::give_up) << "accepted without a session";
}

}  // namespace
}  // namespace msp::host
