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

}  // namespace
