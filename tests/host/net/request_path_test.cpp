#include "net/request_path.hpp"

#include <gmock/gmock.h>

namespace msp::host {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kBase = "https://api.example.com:8443/rest/v1/";

TEST(RequestPath, leads_below_the_base_address) {
   const struct {
      std::string_view path, address;
   } cases[] = {
       {"", ""},
       {"Tickets", "Tickets"},
       {"V1.0/Tickets/42?include=a%40b&x=/../y", "V1.0/Tickets/42?include=a%40b&x=/../y"},
       {"users/jane@example.com/...", "users/jane@example.com/..."},
       {"a/b:c/d;e=f/", "a/b:c/d;e=f/"},
       {"?search={\"filter\":[1]}", "?search=%7B%22filter%22:%5B1%5D%7D"},
       {"caf\xC3\xA9 1", "caf%C3%A9%201"},
       {"q?u=http://example.net/a:b", "q?u=http://example.net/a:b"},
       {"group%2Fproject", "group%2Fproject"},
       {"100%25", "100%25"},
       {"q?line=%0D%0A", "q?line=%0D%0A"},
   };
   for (const auto& [path, address] : cases) {
      EXPECT_TRUE(judge_path(path)) << path;
      EXPECT_EQ(address_below(kBase, path), std::string(kBase) + std::string(address)) << path;
   }
}

TEST(RequestPath, is_refused_when_it_could_lead_elsewhere) {
   using namespace std::string_view_literals;
   const struct {
      std::string_view path, why;
   } cases[] = {
       {"/V1.0/Tickets", "begins with a slash"},
       {"//evil.example.net/", "begins with two slashes"},
       {"///V1.0/Tickets", "begins with two slashes"},
       {"https://evil.example.net/", "names a scheme"},
       {"HTTPS:evil", "names a scheme"},
       {"user:password@evil.example.net/", "names a scheme"},
       {"\\\\evil.example.net\\x", "holds a backslash"},
       {"a\\..\\b", "holds a backslash"},
       {"..", "holds a dot segment"},
       {"../admin", "holds a dot segment"},
       {"a/../../b", "holds a dot segment"},
       {"a/./b", "holds a dot segment"},
       {"a/..", "holds a dot segment"},
       {"a/..?x", "holds a dot segment"},
       {"%2e%2e/admin", "holds a dot segment"},
       {"a/.%2E/b", "holds a dot segment"},
       {"a%2f..%2f..%2fb", "holds a dot segment"},
       {"a%5c..%5cb", "holds a dot segment"},
       {"%252e%252e%252fadmin", "holds a dot segment"},
       {"..;x=1/admin", "holds a dot segment"},
       {"%2e%2e%3b/admin", "holds a dot segment"},
       {"%c0%ae%c0%ae/admin", "are not UTF-8"},
       {"a\r\nHost: evil", "holds a control character"},
       {"a\0b"sv, "holds a control character"},
       {"a\x7f", "holds a control character"},
       {"a\tb", "holds a control character"},
       {"a%0d%0aHost:%20evil", "control character in disguise"},
       {"a%00", "control character in disguise"},
       {"a%2500", "control character in disguise"},
       {"a#b", "holds a fragment"},
       {"a?b#c", "holds a fragment"},
       {"100%", "begins no escape"},
       {"a%2", "begins no escape"},
       {"a%zz", "begins no escape"},
       {"a?b=%zz", "begins no escape"},
       {"%25252525252525252e", "several times over"},
   };
   for (const auto& [path, why] : cases) {
      const auto allowed = judge_path(path);
      ASSERT_FALSE(allowed) << path;
      EXPECT_THAT(allowed.finding().summary, HasSubstr(why)) << path;
   }
}

TEST(RequestPath, what_is_found_completes_a_sentence) {
   EXPECT_EQ(judge_path("//host/a").finding().summary,
             "begins with two slashes, which name another server; write only what follows the platform's base "
             "address, without a slash in front");
   EXPECT_THAT(judge_path("/a").finding().summary, StartsWith("begins with a slash; write it relative to"));
}

// Whatever slips through the rules is caught by the parser that later sends.
TEST(RequestPath, an_address_outside_of_the_base_is_none) {
   EXPECT_EQ(address_below(kBase, "../../admin"), "");
   EXPECT_EQ(address_below(kBase, "a/../../../b"), "");
   EXPECT_EQ(address_below("https://api.example.com", ".evil.example.net/"), "");
   EXPECT_EQ(address_below("https://api.example.com", "@evil.example.net/"), "");
   EXPECT_EQ(address_below("http://api.example.com/", "a"), "");
}

}  // namespace
}  // namespace msp::host
