#include "msp/host/network.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>

namespace msp::host {
namespace {

TEST(NetworkOptions, are_checked_before_anybody_waits_for_a_check) {
   const std::filesystem::path text =
       std::filesystem::path(::testing::TempDir()) / "msp-network-test-no-certificate.pem";
   std::ofstream(text) << "no certificate\n";
   struct {
      const char* name;
      std::function<void(NetworkOptions&)> change;
      std::string code, words;  // empty: fine
   } const cases[] = {
       {"nothing set", [](NetworkOptions&) {}, "", ""},
       {"proxy", [](NetworkOptions& o) { o.proxy = "http://proxy.example.com:3128"; }, "", ""},
       {"proxy without a scheme", [](NetworkOptions& o) { o.proxy = "proxy.example.com:3128"; }, "", ""},
       {"proxy, SOCKS", [](NetworkOptions& o) { o.proxy = "socks5h://127.0.0.1:1080"; }, "", ""},
       {"proxy, unknown kind", [](NetworkOptions& o) { o.proxy = "ftp://proxy.example.com"; }, "net.proxy",
        "is not the address of a proxy"},
       {"proxy, no address", [](NetworkOptions& o) { o.proxy = "http://:pass word@"; }, "net.proxy",
        "is not the address of a proxy"},
       {"connect-to", [](NetworkOptions& o) { o.connect_to = {"a.example.com:443:127.0.0.1:8443"}; }, "", ""},
       {"connect-to, IPv6", [](NetworkOptions& o) { o.connect_to = {"a.example.com:443:[::1]:8443"}; }, "", ""},
       {"connect-to, any host", [](NetworkOptions& o) { o.connect_to = {"::127.0.0.1:8443"}; }, "", ""},
       {"connect-to, a part missing", [](NetworkOptions& o) { o.connect_to = {"a.example.com:443:127.0.0.1"}; },
        "net.connect", "HOST1:PORT1:HOST2:PORT2"},
       {"connect-to, a port too high", [](NetworkOptions& o) { o.connect_to = {"a:443:b:70000"}; }, "net.connect",
        "a:443:b:70000"},
       {"connect-to, blanks between several", [](NetworkOptions& o) { o.connect_to = {"a:443:b:1 c:443:d:2"}; },
        "net.connect", "a comma between several of them"},
       {"connect-to, a semicolon between several", [](NetworkOptions& o) { o.connect_to = {"a:443:b:1;c:443:d:2"}; },
        "net.connect", "a comma between several of them"},
       {"connect-to, a blank", [](NetworkOptions& o) { o.connect_to = {"a :443:b:1"}; }, "net.connect",
        "a comma between"},
       {"connect-to, bracket left open", [](NetworkOptions& o) { o.connect_to = {"a:443:[::1:8443"}; }, "net.connect",
        "in square brackets"},
       {"no time", [](NetworkOptions& o) { o.connect_timeout = std::chrono::milliseconds(0); }, "net.timeout",
        "The time for a connection is not positive"},
       {"no such file", [](NetworkOptions& o) { o.ca_file = "/nonexistent/ca.pem"; }, "net.tls_untrusted",
        "/nonexistent/ca.pem"},
       {"a directory", [](NetworkOptions& o) { o.ca_file = "/"; }, "net.tls_untrusted", "regular file"},
       {"no certificate inside", [&](NetworkOptions& o) { o.ca_file = text; }, "net.tls_untrusted", "certificate"},
   };
   for (const auto& c : cases) {
      NetworkOptions options;
      c.change(options);
      const auto result = check_network_options(options);
      EXPECT_EQ(static_cast<bool>(result), c.code.empty()) << c.name;
      if (result) continue;
      EXPECT_EQ(result.finding().code, c.code) << c.name;
      EXPECT_NE((result.finding().summary + result.finding().remedy).find(c.words), std::string::npos)
          << c.name << ": " << result.finding().summary;
   }
   std::filesystem::remove(text);
}

TEST(NetworkOptions, a_password_in_the_proxy_address_is_not_repeated) {
   NetworkOptions options;
   options.proxy = "gopher://user:hunter22@proxy.example.com";
   const auto result = check_network_options(options);
   ASSERT_FALSE(result);
   EXPECT_EQ((result.finding().summary + result.finding().remedy).find("hunter22"), std::string::npos);
}

}  // namespace
}  // namespace msp::host
