#include "http_rules.hpp"

#include <algorithm>
#include <array>

#include "text.hpp"
#include "url.hpp"

namespace msp::host {
namespace {

// A token of RFC 9110: what methods and header names are made of.
bool is_token(std::string_view text) {
   const auto fits = [](unsigned char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
             std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
   };
   return !text.empty() && std::ranges::all_of(text, fits);
}

bool is_field_value(std::string_view text) {
   return std::ranges::all_of(text, [](unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); });
}

// These say where a message goes and where it ends. On a connection that several integrations share, a wrong one would
// hand somebody else's answer to this plugin.
bool belongs_to_host(std::string_view name) {
   static constexpr std::array<std::string_view, 11> kNames = {
       "host",    "content-length", "transfer-encoding", "connection",         "keep-alive", "te", "trailer",
       "upgrade", "expect",         "proxy-connection",  "proxy-authorization"};
   return std::ranges::find(kNames, to_lower(name)) != kNames.end();
}

}  // namespace

std::string request_fault(const HttpRequest& request) {
   if (const HttpsUrl url = parse_https_url(request.url); !url.fault.empty())
      return "its address " + std::string(url.fault);
   return message_fault(request);
}

std::string message_fault(const HttpRequest& request) {
   if (!is_token(request.method) || request.method == "CONNECT" || request.method == "TRACE")
      return "its method is not one of HTTP's";
   for (const auto& [name, value] : request.headers) {
      if (!is_token(name)) return "a header name holds a character that names must not hold";
      if (belongs_to_host(name)) return "the header " + name + " is set by the host alone";
      if (!is_field_value(value.view())) return "the value of the header " + name + " holds a control character";
   }
   if (request.method == "HEAD" && !request.body.empty()) return "a HEAD request has no body";
   return {};
}

}  // namespace msp::host
