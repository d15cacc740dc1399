#include "contract/allowed_hosts.hpp"

#include <gtest/gtest.h>

namespace msp::host {
namespace {

HttpsUrl url(const std::string& text) { return parse_https_url(text).value(); }

AllowedHosts hosts(const std::map<std::string, std::string, std::less<>>& typed = {}) {
   Manifest manifest;
   manifest.hosts = {"api.example.com", "web*.example.net"};
   manifest.hosts_from = {"server", "other"};
   return AllowedHosts(manifest, typed);
}

TEST(AllowedHosts, a_host_of_the_manifest_is_allowed_at_the_default_port_only) {
   struct Case {
      const char* url;
      bool allowed;
   };
   const Case cases[] = {
       {"https://api.example.com/", true},        {"https://API.example.com:443/x", true},
       {"https://api.example.com:8443/", false},  {"https://api.example.com:444/", false},
       {"https://web1.example.net/", true},       {"https://web12.example.net/", true},
       {"https://web1.example.net:8443/", false}, {"https://web1.sub.example.net/", false},
       {"https://xapi.example.com/", false},      {"https://api.example.com.evil.example/", false},
       {"https://example.com/", false},
   };
   for (const auto& [address, allowed] : cases) EXPECT_EQ(hosts().allows(url(address)), allowed) << address;
}

TEST(AllowedHosts, a_host_that_was_typed_is_allowed_at_exactly_its_port) {
   const AllowedHosts allowed = hosts({{"server", "https://vsa.example.org:8443/"}, {"other", "https://10.0.0.1"}});
   EXPECT_TRUE(allowed.allows(url("https://vsa.example.org:8443/api/")));
   EXPECT_TRUE(allowed.allows(url("https://VSA.example.org.:8443/")));
   EXPECT_FALSE(allowed.allows(url("https://vsa.example.org/")));
   EXPECT_TRUE(allowed.allows(url("https://10.0.0.1/")));
   EXPECT_FALSE(allowed.allows(url("https://10.0.0.1:8443/")));
   EXPECT_TRUE(allowed.allows(url("https://api.example.com/"))) << "what the manifest names stays allowed";
}

TEST(AllowedHosts, what_was_typed_in_other_fields_or_is_no_address_allows_nothing) {
   const AllowedHosts allowed = hosts({{"server", "http://vsa.example.org/"}, {"notes", "https://evil.example/"}});
   EXPECT_FALSE(allowed.allows(url("https://vsa.example.org/")));
   EXPECT_FALSE(allowed.allows(url("https://evil.example/")));
}

TEST(AllowedHosts, what_a_star_stands_for_is_told_unless_the_host_was_typed) {
   const auto starred = hosts().starred(url("https://web17.example.net/"));
   ASSERT_TRUE(starred);
   EXPECT_EQ(starred->pattern, "web*.example.net");
   EXPECT_EQ(starred->part, "17");
   EXPECT_FALSE(hosts().starred(url("https://api.example.com/")));
   EXPECT_FALSE(hosts({{"server", "https://web17.example.net"}}).starred(url("https://web17.example.net/")));
}

}  // namespace
}  // namespace msp::host
