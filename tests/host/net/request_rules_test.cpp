#include "net/request_rules.hpp"

#include <gmock/gmock.h>

#include <cctype>

#include "msp/host/check.hpp"
#include "tests/host/contract/scripted_plugin.hpp"

namespace msp::host {
namespace {

using testing::HasSubstr;

HttpRequest request(std::string method, std::string url) {
   HttpRequest result;
   result.method = std::move(method);
   result.url = std::move(url);
   return result;
}

HttpRequest with_header(std::string name, std::string_view value) {
   HttpRequest result = request("GET", "https://api.example.com/");
   result.headers.emplace_back(std::move(name), SecretBytes(value));
   return result;
}

TEST(RequestRules, accept_what_platforms_need) {
   EXPECT_TRUE(judge_request(request("GET", "https://api.example.com/v1.0/Tickets?user=a%40b%2Bc")));
   EXPECT_TRUE(judge_request(request("PATCH", "https://api.example.com:8443/")));
   EXPECT_TRUE(judge_request(with_header("ApiIntegrationCode", "$ecret #1, \xC3\xA9\t=")));
   EXPECT_TRUE(judge_request(with_header("X-Empty", "")));
}

TEST(RequestRules, refuse_what_could_reach_the_wrong_place_or_smuggle_a_second_request) {
   struct {
      HttpRequest request;
      std::string_view words;
   } const cases[] = {
       {request("GET", "http://api.example.com/"), "https://"},
       {request("GET", "file:///etc/passwd"), "https://"},
       {request("GET", "https://user:pw@api.example.com/"), "user name"},
       {request("GET", "https://api.example.com/#part"), "fragment"},
       {request("GET", "https://api.example.com/a b"), "blank"},
       {request("GET", "https://api.example.com/\r\nX: y"), "control character"},
       {request("GET", std::string("https://api.example.com/\0x", 26)), "control character"},
       {request("GET", ""), "https://"},
       {request("", "https://api.example.com/"), "method"},
       {request("GET / HTTP/1.1\r\nX:", "https://api.example.com/"), "method"},
       {request("CONNECT", "https://api.example.com/"), "method"},
       {with_header("", "x"), "header name"},
       {with_header("A B", "x"), "header name"},
       {with_header("A:", "x"), "header name"},
       {with_header("A\r\nB", "x"), "header name"},
       {with_header("Secret", "x\r\nHost: evil"), "header Secret"},
       {with_header("Secret", "x\ny"), "header Secret"},
       {with_header("Secret", std::string_view("x\0y", 3)), "header Secret"},
       {with_header("Host", "other.example.com"), "header Host"},
       {with_header("content-length", "3"), "header content-length"},
       {with_header("Transfer-Encoding", "chunked"), "header Transfer-Encoding"},
       {with_header("Connection", "close"), "header Connection"},
       {with_header("Proxy-Authorization", "x"), "header Proxy-Authorization"},
   };
   for (const auto& c : cases) {
      const auto allowed = judge_request(c.request);
      ASSERT_FALSE(allowed) << c.request.method << " " << c.request.url;
      EXPECT_THAT(allowed.finding().summary, HasSubstr(c.words));
      EXPECT_EQ(allowed.finding().summary.find("evil"), std::string::npos) << "a header's value may be a secret";
   }
}

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
TEST(RequestRules, what_the_host_alone_sets_is_refused_in_requests_and_sessions_alike) {
   for (const char* reserved : {"host", "connection", "content-length", "expect", "keep-alive", "proxy-authorization",
                                "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"})
      for (const std::string& name : spellings(reserved)) {
         SCOPED_TRACE(name);
         HttpRequest message;
         message.method = "GET";
         message.headers.emplace_back(name, SecretBytes("x"));
         EXPECT_EQ(judge_message(message).finding().summary, "the header " + name + " is set by the host alone");
         const CheckReport report = check_with_session_header(name);
         EXPECT_EQ(report.outcome, Outcome::failed);
         EXPECT_FALSE(report.session);
         ASSERT_FALSE(report.findings.empty());
         EXPECT_THAT(report.findings[0].summary, HasSubstr("which no request may carry, against rule P14"));
      }
}

// Whatever a session may carry, a request may carry too: there is one list.
TEST(RequestRules, what_a_session_may_carry_a_request_may_carry_too) {
   for (const char* name :
        {"Authorization", "Cookie", "X-Api-Key", "Secret", "Accept", "Content-Type", "Host-Id", "T-E"}) {
      SCOPED_TRACE(name);
      EXPECT_EQ(check_with_session_header(name).outcome, Outcome::accepted);
      HttpRequest message;
      message.method = "GET";
      message.headers.emplace_back(name, SecretBytes("x"));
      EXPECT_TRUE(judge_message(message));
   }
}

}  // namespace
}  // namespace msp::host
