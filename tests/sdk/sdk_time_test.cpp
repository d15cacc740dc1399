#include "msp/sdk/time.hpp"

#include <gtest/gtest.h>

namespace {

using msp::sdk::parse_iso8601;

TEST(SdkTime, every_form_in_which_platforms_write_a_moment_is_read) {
   const struct {
      const char* text;
      std::int64_t seconds;
   } cases[] = {
       {"1970-01-01T00:00:00", 0},
       {"2019-03-21T11:33:04", 1553167984},
       {"2019-03-21T11:33:04Z", 1553167984},
       {"2019-03-21 11:33:04z", 1553167984},
       {"2019-03-21T11:33:04.8", 1553167984},
       {"2019-03-21T11:33:04.8331234Z", 1553167984},
       {"2019-03-21T13:33:04+02:00", 1553167984},
       {"2019-03-21T04:33:04.833-0700", 1553167984},
       {"2000-02-29T12:00:00", 951825600},
       {"1969-12-31T23:59:59", -1},
       {"2100-03-01T00:00:00", 4107542400},
   };
   for (const auto& each : cases) EXPECT_EQ(parse_iso8601(each.text), each.seconds) << each.text;
}

TEST(SdkTime, what_is_no_moment_is_refused) {
   for (const char* text : {"", "2019", "2019-03-21", "2019-13-01T00:00:00", "2019-00-01T00:00:00",
                            "2019-02-29T00:00:00", "2019-03-21T24:00:00", "2019-03-21T11:60:00", "2019-03-21T11:33",
                            "2019-03-21T11:33:04.", "2019-03-21T11:33:04+", "2019-03-21T11:33:04+99:00",
                            "2019-03-21T11:33:04Zjunk", "+019-03-21T11:33:04", "tomorrow"})
      EXPECT_EQ(parse_iso8601(text), std::nullopt) << text;
}

TEST(SdkTime, a_date_of_http_is_read_in_its_three_forms_and_no_other) {
   const struct {
      const char* text;
      std::optional<std::int64_t> seconds;
   } cases[] = {
       {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
       {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
       {"Sun Nov  6 08:49:37 1994", 784111777},
       {"Sun, 06 Nov 1994 08:49:37 UTC", 784111777},
       {"Thursday, 01-Jan-70 00:00:00 GMT", 0},
       {"Friday, 31-Dec-69 23:59:59 GMT", 3155759999},
       {"", {}},
       {"120", {}},
       {"Sun, 06 Nov 1994 08:49:37", {}},
       {"Sun, 06 Nov 1994 08:49:37 GMT again", {}},
       {"Sun, 06 Nov 1994 08:49:37 CET", {}},
       {"Sun, 31 Nov 1994 08:49:37 GMT", {}},
       {"Sun, 06 Nov 1994 24:49:37 GMT", {}},
       {"Sun, 06 ovD 1994 08:49:37 GMT", {}},
       {"Sun, 06 Nov 1994 08:4x:37 GMT", {}},
       {"Sun, 06 Nov 19944 08:49:37 GMT", {}},
   };
   for (const auto& each : cases) EXPECT_EQ(msp::sdk::parse_http_date(each.text), each.seconds) << each.text;
}

TEST(SdkTime, a_moment_is_written_as_it_is_read) {
   EXPECT_EQ(msp::sdk::compact_utc(0), "19700101T000000Z");
   EXPECT_EQ(msp::sdk::http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
   EXPECT_EQ(msp::sdk::compact_utc(1'440'938'160), "20150830T123600Z");
   EXPECT_EQ(msp::sdk::http_date(1'345'570'158), "Tue, 21 Aug 2012 17:29:18 GMT");
   EXPECT_EQ(msp::sdk::http_date(1'709'164'799), "Wed, 28 Feb 2024 23:59:59 GMT");
   EXPECT_EQ(msp::sdk::http_date(1'709'164'800), "Thu, 29 Feb 2024 00:00:00 GMT");
   EXPECT_EQ(msp::sdk::compact_utc(253'402'300'799), "99991231T235959Z");
   for (std::int64_t moment = 0; moment < 253'402'300'799; moment += 86'400LL * 97 + 12'345)
      EXPECT_EQ(msp::sdk::parse_http_date(msp::sdk::http_date(moment)), moment);
}

}  // namespace
