#include "msp/sdk/url.hpp"

#include <gtest/gtest.h>

namespace {

using namespace msp::sdk;

TEST(SdkUrl, an_address_has_these_parts) {
   struct Case {
      const char* text;
      const char* origin;
      const char* path;
      const char* query;
   };
   const Case cases[] = {
       {"https://vsa.example.com", "https://vsa.example.com", "", ""},
       {" HTTPS://VSA.Example.COM:443/ ", "https://vsa.example.com", "/", ""},
       {"vsa.example.com:8443/api/v1.0?x=1&y=/#top", "https://vsa.example.com:8443", "/api/v1.0", "x=1&y=/"},
       {"vsa.example.com.?q", "https://vsa.example.com", "", "q"},
       {"https://host?next=http://other", "https://host", "", "next=http://other"},
       {"https://[2001:DB8::1]/", "https://[2001:db8::1]", "/", ""},
       {"[::1]:8443", "https://[::1]:8443", "", ""},
       {"host:00443", "https://host", "", ""},
       {"host:", "https://host", "", ""},
       {"host:65535", "https://host:65535", "", ""},
       {"host#:8443", "https://host", "", ""},
   };
   for (const Case& each : cases) {
      const auto url = parse_url(each.text);
      ASSERT_TRUE(url) << each.text;
      EXPECT_EQ(url->origin(), each.origin) << each.text;
      EXPECT_EQ(url->path, each.path) << each.text;
      EXPECT_EQ(url->query, each.query) << each.text;
   }
}

TEST(SdkUrl, what_two_readers_could_take_for_two_addresses_is_none) {
   for (const char* text : {"",
                            "https://",
                            "http://host",
                            "ftp://host",
                            "https:///path",
                            "user@host",
                            "https://user:pass@host/",
                            "host:0",
                            "host:65536",
                            "host:123456",
                            "host:8x",
                            "host\\@other",
                            "ho st",
                            "ho\nst",
                            ".host",
                            "host..",
                            ".",
                            "[::1",
                            "[::1]x",
                            "[::1]x:80",
                            "/path",
                            "?query",
                            "https://host:443:80"})
      EXPECT_FALSE(parse_url(text)) << text;
}

}  // namespace
