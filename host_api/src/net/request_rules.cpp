#include "net/request_rules.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "net/url.hpp"

namespace msp::host {
namespace {}  // namespace

bool is_token(std::string_view text) noexcept {
   constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
   const auto fits = [&](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             kMarks.find(c) != std::string_view::npos;
   };
   return !text.empty() && std::ranges::all_of(text, fits);
}

bool is_header_value(std::string_view text) noexcept {
   return std::ranges::none_of(text, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

bool is_reserved_header(std::string_view name) {
   static constexpr std::array<std::string_view, 11> kReserved{
       "host", "connection", "content-length",    "expect", "keep-alive", "proxy-authorization", "proxy-connection",
       "te",   "trailer",    "transfer-encoding", "upgrade"};
   return std::ranges::find(kReserved, to_lower(name)) != kReserved.end();
}

bool authenticates(std::string_view name) {
   static constexpr std::array<std::string_view, 4> kNames{"authorization", "cookie", "proxy-authorization",
                                                           "x-api-key"};
   return std::ranges::find(kNames, to_lower(name)) != kNames.end();
}

bool describes_content(std::string_view name) {
   static constexpr std::array<std::string_view, 5> kNames{"accept", "accept-charset", "accept-encoding",
                                                           "accept-language", "content-type"};
   return std::ranges::find(kNames, to_lower(name)) != kNames.end();
}

Result<void> judge_request(const HttpRequest& request) {
   if (const auto url = parse_https_url(request.url); !url) return unsendable("its address " + url.finding().summary);
   return judge_message(request);
}

Result<void> judge_message(const HttpRequest& request) {
   if (!is_token(request.method) || request.method == "CONNECT" || request.method == "TRACE")
      return unsendable("its method is not one of HTTP's");
   for (const auto& [name, value] : request.headers) {
      if (!is_token(name)) return unsendable("a header name holds a character that names must not hold");
      if (is_reserved_header(name)) return unsendable("the header " + name + " is set by the host alone");
      if (!is_header_value(value.view()))
         return unsendable("the value of the header " + name + " holds a control character");
   }
   if (request.method == "HEAD" && !request.body.empty()) return unsendable("a HEAD request has no body");
   return {};
}

}  // namespace msp::host
