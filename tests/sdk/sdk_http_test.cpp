#include "msp/sdk/http.hpp"

#include <gtest/gtest.h>

#include "msp/testing/fakes.hpp"

namespace {

using namespace msp::sdk;

struct SdkHttp : testing::Test {
   msp::test::FakeHost host;
   msp::test::FakeCall fake_call;
   Call call{fake_call.table()};
   Http http{Host(host.table())};
};

TEST_F(SdkHttp, a_request_arrives_whole_and_so_does_its_answer) {
   host.answers["https://a.example/x"] = {{200, std::string("b\0dy", 4), {{"X-Kind", "test"}}, {}}};
   const Response response =
       http.send(call, Request("POST", "https://a.example/x").header("Accept", "application/json").body("question"));
   EXPECT_TRUE(response.answered());
   EXPECT_EQ(response.status(), 200);
   EXPECT_EQ(response.body(), std::string_view("b\0dy", 4));
   EXPECT_EQ(response.header("X-Kind"), "test");
   EXPECT_EQ(response.header("X-Other"), "");
   ASSERT_EQ(host.requests.size(), 1U);
   EXPECT_EQ(host.requests[0].method, "POST");
   EXPECT_EQ(host.requests[0].body, "question");
   EXPECT_EQ(host.requests[0].headers.at("Accept"), "application/json");
}

TEST_F(SdkHttp, parameters_of_the_query_are_escaped_and_follow_those_that_the_address_has) {
   for (const char* url :
        {"https://a.example/x?b=%20&key=a%2Bb%26c&n%3Dn=", "https://a.example/x?key=a%2Bb%26c&n%3Dn="})
      host.answers[url] = {{200, {}, {}, {}}};
   EXPECT_EQ(
       http.send(call, Request("GET", "https://a.example/x?b=%20").query("key", "a+b&c").query("n=n", "")).status(),
       200);
   EXPECT_EQ(http.send(call, Request("GET", "https://a.example/x").query("key", "a+b&c").query("n=n", "")).status(),
             200);
}

TEST_F(SdkHttp, the_hosts_reason_for_no_answer_is_handed_through) {
   host.answers["https://a.example/"] = {{0, {}, {}, {{MSP_UNREACHABLE, "net.dns"}}}};
   const Response response = http.send(call, Request("GET", "https://a.example/"));
   EXPECT_FALSE(response.answered());
   EXPECT_EQ(response.problem().code(), "net.dns");
   EXPECT_EQ(response.report_problem(call), Outcome::unreachable);
   ASSERT_EQ(fake_call.findings.size(), 1U);
   EXPECT_EQ(fake_call.findings[0].code, "net.dns");
   EXPECT_EQ(fake_call.findings[0].remedy, "Try again.");
}

TEST_F(SdkHttp, a_large_batch_is_sent_in_parts_and_answered_in_order) {
   std::vector<Request> requests;
   for (int i = 0; i < MSP_HTTP_BATCH_MAX + 1; ++i) {
      const std::string url = "https://a.example/" + std::to_string(i);
      host.answers[url] = {{200 + i, {}, {}, {}}};
      requests.emplace_back("GET", url);
   }
   const auto responses = http.send(call, requests);
   EXPECT_EQ(host.batches, (std::vector<std::uint32_t>{MSP_HTTP_BATCH_MAX, 1}));
   for (int i = 0; i < MSP_HTTP_BATCH_MAX + 1; ++i) EXPECT_EQ(responses[static_cast<std::size_t>(i)].status(), 200 + i);
}

TEST_F(SdkHttp, retry_after_is_read_in_seconds_and_as_a_date_and_is_bounded) {
   const struct {
      const char* value;
      int seconds;
      const char* server_time = "Wed, 21 Oct 2015 07:27:00 GMT";
   } cases[] = {
       {"30", 30},
       {" 30 ", 30},
       {"", 0},
       {"99999999999999999999", 86'400},
       {"-5", 0},
       {"soon", 0},
       {"Wed, 21 Oct 2015 07:28:00 GMT", 60},
       {"Wednesday, 21-Oct-15 07:28:00 GMT", 60},
       {"Wed Oct 21 07:28:00 2015", 60},
       {"Wed, 21 Oct 2015 07:27:00 GMT", 0},
       {"Wed, 21 Oct 2015 07:26:59 GMT", 0},
       {"Fri, 23 Oct 2015 07:27:00 GMT", 86'400},
       {"Wed, 21 Oct 2015 07:28:00 GMT", 0, ""},  // long ago by this machine's clock
       {"Fri, 31 Dec 9999 23:59:59 GMT", 86'400, "no date"},
   };
   for (const auto& each : cases) {
      host.answers["https://a.example/"] = {{429, {}, {{"Retry-After", each.value}, {"Date", each.server_time}}, {}}};
      EXPECT_EQ(http.send(call, Request("GET", "https://a.example/")).retry_after(), each.seconds) << each.value;
   }
}

TEST(SdkHost, a_missing_service_is_told_at_once) {
   msp::test::FakeHost host;
   host.services.clear();
   EXPECT_THROW(Http(Host(host.table())), Incompatible);
}

}  // namespace
