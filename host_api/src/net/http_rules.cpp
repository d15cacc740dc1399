#include "net/http_rules.hpp"

#include "net/header_rules.hpp"
#include "net/url.hpp"

namespace msp::host {

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
      if (is_reserved_header(name)) return "the header " + name + " is set by the host alone";
      if (!is_header_value(value.view())) return "the value of the header " + name + " holds a control character";
   }
   if (request.method == "HEAD" && !request.body.empty()) return "a HEAD request has no body";
   return {};
}

}  // namespace msp::host
