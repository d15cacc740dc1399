// When SessionKeeper signs in, renews a session, and when it does not: through the integration that it works for.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>

#include "integration_scene.hpp"

namespace msp::host {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = SessionEvent::Kind;
using SessionKeeperTest = IntegrationScene;

TEST_F(SessionKeeperTest, one_session_serves_many_requests) {
   for (int i = 0; i < 5; ++i) EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 1);
   EXPECT_THAT(events_, ElementsAre(Kind::opened));
}

TEST_F(SessionKeeperTest, a_session_is_renewed_a_minute_before_it_expires_and_not_earlier) {
   EXPECT_EQ(get().status, 200);
   now_ += lifetime_ - 61;
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 1);
   now_ += 1;
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_EQ(last_request().header("authorization"), "Bearer session-2");
   EXPECT_THAT(events_, ElementsAre(Kind::opened, Kind::renewed));
}

TEST_F(SessionKeeperTest, a_session_of_less_than_two_minutes_is_renewed_after_half_of_its_time) {
   for (const std::int64_t lifetime : {40, 119, 120, 121}) {
      SCOPED_TRACE(lifetime);
      integration_->drop_session();
      lifetime_ = lifetime;
      const int before = sign_ins_;
      EXPECT_EQ(get().status, 200);
      const std::int64_t serves = lifetime - std::min<std::int64_t>(60, lifetime / 2);
      now_ += serves - 1;
      EXPECT_EQ(get().status, 200);
      EXPECT_EQ(sign_ins_, before + 1);
      now_ += 1;
      EXPECT_EQ(get().status, 200);
      EXPECT_EQ(sign_ins_, before + 2);
   }
}

TEST_F(SessionKeeperTest, a_session_without_an_end_or_with_one_in_the_past_is_used_until_it_is_rejected) {
   for (const std::int64_t lifetime : {0, -3600}) {
      integration_->drop_session();
      lifetime_ = lifetime;
      const int before = sign_ins_;
      for (int i = 0; i < 3; ++i) {
         EXPECT_EQ(get().status, 200);
         now_ += 100'000;
      }
      EXPECT_EQ(sign_ins_, before + 1) << lifetime;
   }
}

TEST_F(SessionKeeperTest, a_sign_in_is_told_whether_a_person_waits_for_it) {
   for (const bool attended : {false, true}) {
      std::uint32_t flags = MSP_CALL_REJECTED;
      script_.authenticate = [&flags, sign_in = script_.authenticate](const msp_call* call) {
         flags = call->flags;
         return sign_in(call);
      };
      RequestOptions options;
      options.attended = attended;
      integration_->drop_session();
      EXPECT_EQ(integration_->request({"GET", "a", {}, {}}, options).status, 200);
      EXPECT_EQ(flags, attended ? MSP_CALL_ATTENDED : 0u);
      integration_->drop_session();
      EXPECT_EQ(integration_->session(options).outcome, Outcome::accepted);
      EXPECT_EQ(flags, attended ? MSP_CALL_ATTENDED : 0u);
   }
}

TEST_F(SessionKeeperTest, when_renewing_in_good_time_fails_the_old_session_is_used_to_its_end) {
   EXPECT_EQ(get().status, 200);
   sign_in_answer_ = MSP_UNREACHABLE;
   now_ += lifetime_ - 30;
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 2);
   now_ += 30;
   const Response late = get();
   EXPECT_EQ(late.outcome, Outcome::unreachable);
   EXPECT_EQ(late.findings.at(0).code, "net.connect");
   sign_in_answer_ = MSP_ACCEPTED;
   EXPECT_EQ(get().status, 200);
}

TEST_F(SessionKeeperTest, a_session_that_the_platform_dropped_is_renewed_once_and_the_request_repeated) {
   EXPECT_EQ(get().status, 200);
   drop_sessions();
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_EQ(requests(), 3u);
   EXPECT_THAT(events_, ElementsAre(Kind::opened, Kind::renewed));
}

TEST_F(SessionKeeperTest, a_401_under_a_new_session_is_the_answer_and_no_reason_to_sign_in_again_and_again) {
   answer_with(Reply::json("{\"error\":\"not for you\"}", 401));
   const Response response = get();
   EXPECT_EQ(response.outcome, Outcome::accepted);
   EXPECT_EQ(response.status, 401);
   EXPECT_EQ(response.body, "{\"error\":\"not for you\"}");
   EXPECT_EQ(sign_ins_, 2);
   for (int i = 0; i < 3; ++i) EXPECT_EQ(get().status, 401);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_THAT(integration_->refusal(), IsEmpty());

   answer_with(Reply::json("{}"));
   EXPECT_EQ(get().status, 200);
   drop_sessions();
   EXPECT_EQ(get().status, 200) << "once it has worked, it can be renewed again";
   EXPECT_EQ(sign_ins_, 3);
}

TEST_F(SessionKeeperTest, credentials_that_are_the_session_themselves_are_not_sent_again_after_a_401) {
   same_session_ = true;
   EXPECT_EQ(get().status, 200);
   drop_sessions();
   on_sign_in_ = [this] { now_ += 1; };
   const auto before = requests();
   // The plugin hands out the same credentials, which the platform no longer takes.
   script_.authenticate = [old = script_.authenticate, this](const msp_call* call) {
      const auto outcome = old(call);
      drop_sessions();
      return outcome;
   };
   const Response response = get();
   EXPECT_EQ(response.outcome, Outcome::refused);
   EXPECT_EQ(response.status, 401);
   EXPECT_EQ(response.body, "{\"error\":\"who?\"}");
   EXPECT_EQ(response.findings.at(0).code, "auth.rejected");
   EXPECT_EQ(requests(), before + 1);
   EXPECT_EQ(get().outcome, Outcome::refused);
   EXPECT_EQ(get().status, 0);
   EXPECT_EQ(requests(), before + 1);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_THAT(events_, ElementsAre(Kind::opened, Kind::rejected));
}

TEST_F(SessionKeeperTest, a_refused_sign_in_is_never_repeated_until_told_otherwise) {
   sign_in_answer_ = MSP_REFUSED;
   for (int i = 0; i < 3; ++i) {
      const Response response = get();
      EXPECT_EQ(response.outcome, Outcome::refused);
      EXPECT_EQ(response.status, 0);
      EXPECT_EQ(response.findings.at(0).code, "auth.rejected");
      EXPECT_EQ(response.findings.at(0).summary, "The password \"[redacted]\" is wrong.");
      EXPECT_EQ(integration_->session().outcome, Outcome::refused);
   }
   EXPECT_EQ(sign_ins_, 1);
   EXPECT_EQ(integration_->refusal().size(), 1u);
   EXPECT_THAT(events_, ElementsAre(Kind::refused));

   sign_in_answer_ = MSP_ACCEPTED;
   integration_->forget_refusal();
   EXPECT_EQ(script_.destroyed, 0);
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(script_.destroyed, 1) << "the connection that remembered the refusal is gone";
   EXPECT_EQ(sign_ins_, 2);
}

TEST_F(SessionKeeperTest, a_renewal_that_is_refused_ends_the_session) {
   EXPECT_EQ(get().status, 200);
   now_ += lifetime_ - 30;
   sign_in_answer_ = MSP_REFUSED;
   EXPECT_EQ(get().outcome, Outcome::refused);
   EXPECT_EQ(get().outcome, Outcome::refused);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_EQ(requests(), 1u);
   EXPECT_THAT(events_, ElementsAre(Kind::opened, Kind::refused));
}

TEST_F(SessionKeeperTest, an_accepted_check_hands_its_session_on_and_forgets_an_earlier_refusal) {
   sign_in_answer_ = MSP_REFUSED;
   EXPECT_EQ(get().outcome, Outcome::refused);
   sign_in_answer_ = MSP_ACCEPTED;
   const CheckReport report = integration_->check();
   EXPECT_EQ(report.outcome, Outcome::accepted);
   ASSERT_TRUE(report.session);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(sign_ins_, 2);
   EXPECT_THAT(events_, ElementsAre(Kind::refused, Kind::opened));
}

TEST_F(SessionKeeperTest, a_refused_check_ends_the_session_but_missing_rights_do_not) {
   EXPECT_EQ(get().status, 200);
   script_.permissions = [](const msp_call* call) {
      for (const auto* id : {"tickets.read", "tickets.update", "reports.read"})
         report_grant(call, id, MSP_GRANTED_NONE);
      return MSP_ACCEPTED;
   };
   EXPECT_EQ(integration_->check().outcome, Outcome::refused);
   EXPECT_EQ(get().status, 200);
   script_.validate = [](const msp_call* call) {
      report_error(call, "auth.rejected", "No.");
      return MSP_REFUSED;
   };
   EXPECT_EQ(integration_->check().outcome, Outcome::refused);
   EXPECT_EQ(get().outcome, Outcome::refused);
   EXPECT_EQ(sign_ins_, 1);
}

TEST_F(SessionKeeperTest, a_cancel_ends_the_wait_for_somebody_else_s_sign_in) {
   std::latch signing_in(1), released(1);
   on_sign_in_ = [&] {
      signing_in.count_down();
      released.wait();
   };
   RequestOptions long_enough;
   long_enough.timeout = 60s;
   Response first;
   std::jthread one([&] { first = integration_->request({"GET", "a", {}, {}}, long_enough); });
   signing_in.wait();
   std::stop_source cancel;
   RequestOptions options = long_enough;
   options.cancel = cancel.get_token();
   cancel.request_stop();
   const Response second = integration_->request({"GET", "b", {}, {}}, options);
   EXPECT_EQ(second.outcome, Outcome::cancelled);
   EXPECT_EQ(second.findings.at(0).summary, "The operation was cancelled.");
   released.count_down();
   one.join();
   EXPECT_EQ(first.status, 200);
   EXPECT_EQ(sign_ins_, 1);
}

TEST_F(SessionKeeperTest, many_threads_that_need_a_session_make_one_sign_in) {
   constexpr int kThreads = 8;
   const auto all_at_once = [&] {
      std::latch start(kThreads);
      std::atomic<int> good{0};
      std::vector<std::jthread> threads;
      for (int i = 0; i < kThreads; ++i)
         threads.emplace_back([&] {
            start.arrive_and_wait();
            if (get().status == 200) ++good;
         });
      threads.clear();
      return good.load();
   };
   EXPECT_EQ(all_at_once(), kThreads);
   EXPECT_EQ(sign_ins_, 1);
   now_ += lifetime_ - 1;
   EXPECT_EQ(all_at_once(), kThreads);
   EXPECT_EQ(sign_ins_, 2);
   now_ += lifetime_;
   EXPECT_EQ(all_at_once(), kThreads);
   EXPECT_EQ(sign_ins_, 3);
}

TEST_F(SessionKeeperTest, many_threads_whose_session_was_dropped_make_one_sign_in) {
   constexpr int kThreads = 8;
   EXPECT_EQ(get().status, 200);
   drop_sessions();
   // All of them are rejected before the first one signs in again.
   server_.hold_until(kThreads);
   std::atomic<int> good{0};
   std::vector<std::jthread> threads;
   for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([&] {
         if (get().status == 200) ++good;
      });
   threads.clear();
   EXPECT_EQ(good, kThreads);
   EXPECT_EQ(sign_ins_, 2);
}

TEST_F(SessionKeeperTest, many_threads_hear_of_one_refusal) {
   sign_in_answer_ = MSP_REFUSED;
   std::atomic<int> refused{0};
   std::vector<std::jthread> threads;
   for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
         if (get().outcome == Outcome::refused) ++refused;
      });
   threads.clear();
   EXPECT_EQ(refused, 8);
   EXPECT_EQ(sign_ins_, 1);
   EXPECT_THAT(events_, ElementsAre(Kind::refused));
}

TEST_F(SessionKeeperTest, whoever_is_told_of_the_session_may_use_the_integration) {
   IntegrationOptions options;
   options.now = [this] { return now_.load(); };
   Integration* used = nullptr;
   int status = 0;
   options.on_session = [&](const SessionEvent&) { status = used->request({"GET", "b", {}, {}}).status; };
   Integration integration(plugin_, sample_settings(), options);
   used = &integration;
   EXPECT_EQ(integration.request({"GET", "a", {}, {}}).status, 200);
   EXPECT_EQ(status, 200);
}

TEST_F(SessionKeeperTest, the_session_can_be_had_for_other_means_and_be_dropped) {
   const SessionReport report = integration_->session();
   EXPECT_EQ(report.outcome, Outcome::accepted);
   EXPECT_EQ(report.session->base_url, kBase);
   EXPECT_EQ(report.session->headers.at(0).second.view(), "Bearer session-1");
   EXPECT_EQ(report.session->expires_at, now_ + lifetime_);
   integration_->drop_session();
   EXPECT_EQ(integration_->session().session->headers.at(0).second.view(), "Bearer session-2");
}

TEST_F(SessionKeeperTest, the_session_is_redacted_as_long_as_it_lives_and_what_is_no_secret_is_not) {
   Redactor& redactor = script_.state->runtime->redactor;
   EXPECT_EQ(get().status, 200);
   EXPECT_EQ(redactor.redact_foreign("Bearer session-1, session-1"), "[redacted], [redacted]");
   EXPECT_EQ(redactor.redact_foreign("jane sends text/x"), "jane sends text/x");
   integration_.reset();
   EXPECT_EQ(redactor.redact_foreign("session-1"), "session-1");
}

TEST_F(SessionKeeperTest, an_exception_of_the_console_s_own_is_told_as_such) {
   IntegrationOptions options;
   options.now = [this] { return now_.load(); };
   options.on_session = [](const SessionEvent&) { throw std::runtime_error("no space left"); };
   Integration integration(plugin_, sample_settings(), options);
   const Response response = integration.request({"GET", "a", {}, {}});
   EXPECT_EQ(response.outcome, Outcome::failed);
   EXPECT_THAT(response.findings.at(0).summary, HasSubstr("no space left"));
   EXPECT_EQ(integration.request({"GET", "a", {}, {}}).status, 200) << "the turn was given back";
}

}  // namespace
}  // namespace msp::host
