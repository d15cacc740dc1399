#include "net/url.hpp"

#include <gtest/gtest.h>

namespace msp::host {
namespace {

TEST(Url, an_https_address_says_where_it_leads) {
   struct Case {
      std::string_view text, host, path;
      std::uint16_t port;
   };
   const Case cases[] = {
       {"https://api.example.com", "api.example.com", "/", 443},
       {"HTTPS://API.Example.COM:8443/V1.0/?q=a%20b", "api.example.com", "/V1.0/", 8443},
       {"https://api.example.com./", "api.example.com", "/", 443},
       {"https://api.example.com/a/./b/../c", "api.example.com", "/a/c", 443},
       {"https://127.0.0.1:1/", "127.0.0.1", "/", 1},
       {"https://[::1]:65535/x", "[::1]", "/x", 65535},
       {"https://api.example.com?user=a@b", "api.example.com", "/", 443},
   };
   for (const auto& [text, host, path, port] : cases) {
      const auto url = parse_https_url(text);
      ASSERT_TRUE(url) << text;
      EXPECT_EQ(url.value().host, host) << text;
      EXPECT_EQ(url.value().path, path) << text;
      EXPECT_EQ(url.value().port, port) << text;
   }
}

TEST(Url, what_is_found_completes_the_sentence_that_begins_with_the_address) {
   struct Case {
      std::string_view text, why;
   };
   using namespace std::string_view_literals;
   constexpr std::string_view kUnfit = "holds a blank, a backslash or a control character";
   constexpr std::string_view kInvalid = "is no valid address";
   const Case cases[] = {
       {"", "does not begin with https://"},
       {"http://api.example.com/", "does not begin with https://"},
       {"https:/api.example.com/", "does not begin with https://"},
       {"https://", "names no host"},
       {"https:///path", "names no host"},
       {"https://user@api.example.com/", "holds a user name or password before the host"},
       {"https://user:word@api.example.com/", "holds a user name or password before the host"},
       {"https://api.example.com/#part", "holds a fragment (#)"},
       {"https://api.example.com/a b", kUnfit},
       {"https://api.example.com\\@evil/", kUnfit},
       {"https://api.example.com/\r\n", kUnfit},
       {"https://api.example.com/\0"sv, kUnfit},
       {"https://api.example.com/\x7F", kUnfit},
       {"https://api.example.com:65536/", kInvalid},
       {"https://api.example.com:0/", kInvalid},
       {"https://api.example.com:x/", kInvalid},
       {"https://[::1/", kInvalid},
       {"https://.", kInvalid},
       {"https://api.example.com../", kInvalid},
   };
   for (const auto& [text, why] : cases) {
      const auto url = parse_https_url(text);
      ASSERT_FALSE(url) << text;
      EXPECT_EQ(url.finding().summary, why) << text;
   }
}

}  // namespace
}  // namespace msp::host
