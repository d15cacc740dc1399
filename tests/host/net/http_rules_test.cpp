#include "net/http_rules.hpp"

#include <gtest/gtest.h>

namespace msp::host {
namespace {

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

TEST(HttpRules, accept_what_platforms_need) {
   EXPECT_EQ(request_fault(request("GET", "https://api.example.com/v1.0/Tickets?user=a%40b%2Bc")), "");
   EXPECT_EQ(request_fault(request("PATCH", "https://api.example.com:8443/")), "");
   EXPECT_EQ(request_fault(with_header("ApiIntegrationCode", "$ecret #1, \xC3\xA9\t=")), "");
   EXPECT_EQ(request_fault(with_header("X-Empty", "")), "");
}

TEST(HttpRules, refuse_what_could_reach_the_wrong_place_or_smuggle_a_second_request) {
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
      const std::string fault = request_fault(c.request);
      EXPECT_EQ(fault.empty(), c.words.empty()) << c.request.method << " " << c.request.url << ": " << fault;
      EXPECT_NE(fault.find(c.words), std::string::npos) << fault;
      EXPECT_EQ(fault.find("evil"), std::string::npos) << "a header's value may be a secret";
   }
}

}  // namespace
}  // namespace msp::host
