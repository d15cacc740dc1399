#include "net/header_rules.hpp"

#include <gmock/gmock.h>

#include <cctype>

#include "msp/host/check.hpp"
#include "net/http_rules.hpp"
#include "tests/host/contract/scripted_plugin.hpp"

namespace msp::host {
namespace {

using testing::HasSubstr;

// In every case that a plugin may write it in.
std::vector<std::string> spellings(const std::string& name) {
   std::string upper = name, title = name;
   for (std::size_t at = 0; at < name.size(); ++at) {
      upper[at] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[at])));
      if (at == 0 || name[at - 1] == '-') title[at] = upper[at];
   }
   return {name, title, upper};
}

// What a check says to a plugin whose session carries the header.
CheckReport check_with_session_header(const std::string& name) {
   ScriptedPlugin script;
   script.authenticate = [&](const msp_call* call) {
      return report_session(call, "https://api.example.com/",
                            {{"Authorization", "Bearer x", 0, 0}, {name.c_str(), "x", 0, 0}}),
             MSP_ACCEPTED;
   };
   return check(*script.load(), sample_settings(), {});
}

// A session that is saved and then refused at its first use is worth nothing.
TEST(HeaderRules, what_the_host_alone_sets_is_refused_in_requests_and_sessions_alike) {
   for (const char* reserved : {"host", "connection", "content-length", "expect", "keep-alive", "proxy-authorization",
                                "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"})
      for (const std::string& name : spellings(reserved)) {
         SCOPED_TRACE(name);
         HttpRequest message;
         message.method = "GET";
         message.headers.emplace_back(name, SecretBytes("x"));
         EXPECT_EQ(message_fault(message), "the header " + name + " is set by the host alone");
         const CheckReport report = check_with_session_header(name);
         EXPECT_EQ(report.outcome, Outcome::failed);
         EXPECT_FALSE(report.session);
         ASSERT_FALSE(report.findings.empty());
         EXPECT_THAT(report.findings[0].summary,
                     HasSubstr("a session with a header that no request may carry, against rule P14"));
      }
}

// Whatever a session may carry, a request may carry too: there is one list.
TEST(HeaderRules, what_a_session_may_carry_a_request_may_carry_too) {
   for (const char* name :
        {"Authorization", "Cookie", "X-Api-Key", "Secret", "Accept", "Content-Type", "Host-Id", "T-E"}) {
      SCOPED_TRACE(name);
      EXPECT_EQ(check_with_session_header(name).outcome, Outcome::accepted);
      HttpRequest message;
      message.method = "GET";
      message.headers.emplace_back(name, SecretBytes("x"));
      EXPECT_EQ(message_fault(message), "");
   }
}

}  // namespace
}  // namespace msp::host
