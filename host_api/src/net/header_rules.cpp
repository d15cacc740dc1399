#include "net/header_rules.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace msp::host {

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

}  // namespace msp::host
