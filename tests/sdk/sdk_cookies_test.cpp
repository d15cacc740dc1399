#include "msp/sdk/cookies.hpp"

#include <gtest/gtest.h>

namespace {

using namespace msp::sdk;

TEST(SdkCookies, two_of_them_go_back_in_one_line) {
   Cookies cookies;
   EXPECT_TRUE(cookies.empty());
   EXPECT_TRUE(cookies.take("SID=31d4d96e407aad42; Path=/; Secure; HttpOnly"));  // RFC 6265, section 3.1
   EXPECT_TRUE(cookies.take("lang=en-US; Path=/; Domain=example.com"));
   EXPECT_EQ(cookies.header().view(), "SID=31d4d96e407aad42; lang=en-US");
   EXPECT_EQ(cookies.value("SID"), "31d4d96e407aad42");
   EXPECT_EQ(cookies.value("sid"), "");
}

TEST(SdkCookies, a_later_one_replaces_or_takes_away_the_earlier_one) {
   Cookies cookies;
   cookies.take("sid=first");
   cookies.take("sid=second=with equals");
   EXPECT_EQ(cookies.header().view(), "sid=second=with equals");
   for (const char* end :
        {"sid=", "sid=x; Max-Age=0", "sid=x;Path=/;max-age = -1", "sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}) {
      cookies.take("sid=again");
      EXPECT_TRUE(cookies.take(end)) << end;
      EXPECT_TRUE(cookies.empty()) << end;
   }
   cookies.take("sid=x; Max-Age=3600");
   EXPECT_FALSE(cookies.empty());
}

TEST(SdkCookies, what_is_no_cookie_changes_nothing) {
   Cookies cookies;
   cookies.take("sid=1");
   for (const char* text : {"", ";", "sid", "=value", " =x; Path=/", "a=b\r\nX: y"})
      EXPECT_FALSE(cookies.take(text)) << text;
   EXPECT_EQ(cookies.header().view(), "sid=1");
}

}  // namespace
