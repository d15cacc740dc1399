#include "msp/sdk/busy.hpp"

#include <gtest/gtest.h>

#include "msp/testing/fakes.hpp"

namespace {

using namespace msp::sdk;
using msp::test::FakeAnswer;

FakeAnswer status(int status, const std::string& retry_after = "") {
   FakeAnswer answer{status, {}, {}, {}};
   if (!retry_after.empty()) answer.headers.emplace("Retry-After", retry_after);
   return answer;
}
FakeAnswer none(const char* code) { return {0, {}, {}, {{MSP_UNREACHABLE, code}}}; }

struct SdkBusy : testing::Test {
   std::vector<Response> ask(const std::vector<std::string>& names) {
      std::vector<Request> requests;
      for (const std::string& name : names) requests.emplace_back("GET", "https://a.example/" + name);
      return send_patiently(http, call, requests, [](const Response& each) { return is_busy(each); });
   }
   std::vector<FakeAnswer>& answers(const std::string& name) { return host.answers["https://a.example/" + name]; }

   msp::test::FakeHost host;
   msp::test::FakeCall fake_call;
   Call call{fake_call.table()};
   Http http{Host(host.table())};
};

TEST_F(SdkBusy, what_is_turned_away_is_asked_again_alone) {
   for (const FakeAnswer& busy : {status(429), status(502), status(503), status(504), status(503, "0"),
                                  none("net.reset"), none("net.connect")}) {
      host.batches.clear();
      answers("a") = {status(200)};
      answers("b") = {busy, status(201)};
      answers("c") = {busy, status(202)};
      const auto responses = ask({"a", "b", "c"});
      ASSERT_EQ(responses.size(), 3U);
      for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(responses[i].status(), 200 + static_cast<int>(i));
      EXPECT_EQ(host.batches, (std::vector<std::uint32_t>{3, 1, 1}));
   }
}

TEST_F(SdkBusy, what_is_answered_or_fails_for_another_reason_is_asked_once) {
   for (const FakeAnswer& answer :
        {status(200), status(401), status(403), status(404), status(428), status(430), status(500), status(501),
         status(505), none("net.timeout"), none("net.dns"), none("net.tls_name"), none("host.deadline"),
         none("platform.unexpected_response")}) {
      host.batches.clear();
      answers("a") = {answer};
      (void)ask({"a"});
      EXPECT_EQ(host.batches.size(), 1U) << answer.status;
   }
}

TEST_F(SdkBusy, a_broken_answer_is_known_by_its_problem_and_is_no_sign_of_load) {
   for (const auto& [answer, broken] :
        {std::pair{none("platform.unexpected_response"), true}, std::pair{none("net.reset"), false},
         std::pair{none("net.timeout"), false}, std::pair{status(200), false}, std::pair{status(503), false}}) {
      answers("a") = {answer};
      EXPECT_EQ(is_broken(http.send(call, Request("GET", "https://a.example/a"))), broken) << answer.status;
   }
}

TEST_F(SdkBusy, one_that_is_turned_away_alone_too_is_asked_three_times_and_ends_it) {
   answers("a") = {status(503)};
   answers("b") = {status(503), status(200)};
   const auto responses = ask({"a", "b"});
   EXPECT_EQ(responses[0].status(), 503);
   EXPECT_EQ(responses[1].status(), 503) << "the number of requests was not the reason";
   EXPECT_EQ(host.batches, (std::vector<std::uint32_t>{2, 1, 1}));
}

TEST_F(SdkBusy, a_second_time_is_enough) {
   answers("a") = {status(503), none("net.reset"), status(200)};
   EXPECT_EQ(ask({"a"})[0].status(), 200);
}

TEST_F(SdkBusy, nothing_is_waited_for_that_the_deadline_forbids) {
   answers("a") = {status(503)};
   fake_call.remaining_ms = 500;
   (void)ask({"a"});
   EXPECT_EQ(host.batches.size(), 2U) << "no time for the second half second";

   host.batches.clear();
   answers("a") = {status(503, "5"), status(200)};
   fake_call.remaining_ms = 5000;
   EXPECT_EQ(ask({"a"})[0].status(), 503);
   EXPECT_EQ(host.batches.size(), 1U);

   host.batches.clear();
   answers("a") = {status(503), status(200)};
   fake_call.remaining_ms = 0;
   EXPECT_EQ(ask({"a"})[0].status(), 503) << "cancelled";
   EXPECT_EQ(host.batches.size(), 1U);
}

TEST_F(SdkBusy, a_retry_after_of_at_most_five_seconds_is_waited_for) {
   fake_call.remaining_ms = 100'000;
   answers("a") = {status(429, "5"), status(200)};
   EXPECT_EQ(ask({"a"})[0].status(), 200);
   EXPECT_EQ(fake_call.waited, std::vector<std::uint32_t>{5000});
   fake_call.waited.clear();
   answers("a") = {status(429, "6"), status(200)};
   EXPECT_EQ(ask({"a"})[0].status(), 429);
   EXPECT_TRUE(fake_call.waited.empty());
}

TEST_F(SdkBusy, a_cancel_ends_the_wait) {
   msp_call table = fake_call.table();
   table.wait = [](const msp_call*, std::uint32_t) noexcept -> std::uint32_t { return 0; };
   call = Call(table);
   answers("a") = {status(429, "5"), status(200)};
   EXPECT_EQ(ask({"a"})[0].status(), 429);
   EXPECT_EQ(host.batches.size(), 1U);
   call = Call(fake_call.table());
}

}  // namespace
