// Browsers that come back after a sign-in at a platform, or pretend to.
#include "web/sign_in_returns.hpp"

#include <gtest/gtest.h>

#include <string>

namespace msp::console {
namespace {

using Clock = SignInReturns::Clock;
using std::chrono::minutes;

HttpRequest request(const std::string& path, std::map<std::string, std::string> query = {}) {
   HttpRequest made;
   made.method = "GET";
   made.path = path;
   made.query = std::move(query);
   return made;
}

std::string location(const HttpResponse& response) {
   for (const auto& [name, value] : response.headers)
      if (name == "Location") return value;
   return {};
}

std::string waited(SignInReturns::Expected& expected, Clock::time_point until = Clock::now() + minutes(1)) {
   const auto query = expected.wait(until, {});
   return query ? std::string(query->view()) : "(nothing)";
}

TEST(SignInReturns, what_comes_back_with_its_state_is_handed_to_the_one_that_waits_for_it) {
   SignInReturns returns;
   SignInReturns::Expected one(returns, "1111");
   SignInReturns::Expected other(returns, "2222");
   EXPECT_TRUE(returns.deliver("code=b&state=2222"));
   EXPECT_TRUE(returns.deliver("state=1111&code=a"));
   EXPECT_EQ(waited(one), "state=1111&code=a");
   EXPECT_EQ(waited(other), "code=b&state=2222");
}

TEST(SignInReturns, what_came_back_first_is_not_replaced) {
   SignInReturns returns;
   SignInReturns::Expected expected(returns, "1111");
   EXPECT_TRUE(returns.deliver("state=1111&code=first"));
   EXPECT_FALSE(returns.deliver("state=1111&code=second"));
   EXPECT_EQ(waited(expected), "state=1111&code=first");
}

TEST(SignInReturns, nothing_is_taken_without_the_whole_state_nor_when_nobody_waits_any_more) {
   SignInReturns returns;
   {
      SignInReturns::Expected expected(returns, "1111");
      for (const char* query : {"", "state=", "state", "state=111", "state=11111", "xstate=1111", "code=state=1111",
                                "STATE=1111", "&&&", "state=2222&state=1111"})
         EXPECT_FALSE(returns.deliver(query)) << query;
      EXPECT_EQ(waited(expected, Clock::now()), "(nothing)");
   }
   EXPECT_FALSE(returns.deliver("state=1111"));
}

TEST(SignInReturns, a_wait_ends_at_its_time_and_at_a_cancel) {
   SignInReturns returns;
   SignInReturns::Expected expected(returns, "1111");
   EXPECT_FALSE(expected.wait(Clock::now(), {}));
   std::stop_source cancel;
   cancel.request_stop();
   EXPECT_FALSE(expected.wait(Clock::now() + minutes(60), cancel.get_token()));
}

TEST(SignInReturns, the_address_that_a_browser_ended_at_is_taken_as_a_person_copies_it) {
   for (const char* address : {"https://console.example.com/callback?state=1111&code=a",
                               "  http://127.0.0.1:8480/callback?state=1111&code=a#_=_\n"}) {
      SignInReturns returns;
      SignInReturns::Expected expected(returns, "1111");
      EXPECT_FALSE(returns.deliver_address("https://console.example.com/callback"));
      EXPECT_FALSE(returns.deliver_address("state=1111&code=a"));
      EXPECT_TRUE(returns.deliver_address(address)) << address;
      EXPECT_EQ(waited(expected), "state=1111&code=a");
   }
}

TEST(SignInReturns, the_browser_is_led_on_to_a_page_without_the_query) {
   SignInReturns returns;
   SignInReturns::Expected expected(returns, "1111");
   const HttpResponse taken = returns.answer(request("/callback", {{"code", "a"}, {"state", "1111"}}));
   EXPECT_EQ(taken.status, 303);
   EXPECT_EQ(location(taken), "/callback/done");
   EXPECT_EQ(waited(expected), "code=a&state=1111");
   const HttpResponse unknown = returns.answer(request("/callback", {{"code", "a"}, {"state", "3333"}}));
   EXPECT_EQ(unknown.status, 303);
   EXPECT_EQ(location(unknown), "/callback/unknown");

   EXPECT_EQ(returns.answer(request("/callback/done")).status, 200);
   EXPECT_EQ(returns.answer(request("/callback/unknown")).status, 404);
   EXPECT_EQ(returns.answer(request("/callback/else")).status, 404);
   HttpRequest posted = request("/callback", {{"state", "1111"}});
   posted.method = "POST";
   EXPECT_EQ(returns.answer(std::move(posted)).status, 405);
}

}  // namespace
}  // namespace msp::console
