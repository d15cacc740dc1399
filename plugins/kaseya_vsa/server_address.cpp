#include "server_address.hpp"

#include <charconv>
#include <cstdint>

#include "msp/sdk/text.hpp"

namespace kaseya_vsa {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::uint16_t kHttps = 443;

std::optional<std::uint16_t> read_port(std::string_view text) {
   if (text.empty()) return kHttps;
   std::uint16_t port = 0;
   const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
   if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
   return port;
}

}  // namespace

std::optional<ServerAddress> read_server_address(std::string_view typed) {
   std::string_view rest = msp::sdk::trim(typed);
   if (rest.find("://") < rest.find_first_of("/?#")) {
      if (!msp::sdk::equal_ignoring_case(rest.substr(0, kScheme.size()), kScheme)) return std::nullopt;
      rest.remove_prefix(kScheme.size());
   }
   std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
   if (authority.find_first_of(" @\\") != std::string_view::npos || msp::sdk::has_control_character(authority))
      return std::nullopt;
   // The colons of an IPv6 address stand in brackets.
   const std::size_t colon = authority.find(':', authority.substr(0, 1) == "[" ? authority.find(']') : 0);
   std::string_view host = authority.substr(0, colon);
   if (!host.empty() && host.back() == '.') host.remove_suffix(1);  // of a name that is told to be complete
   if (host.empty() || host.back() == '.') return std::nullopt;
   const auto port = read_port(colon == std::string_view::npos ? "" : authority.substr(colon + 1));
   if (!port) return std::nullopt;
   return ServerAddress{msp::sdk::to_lower(host) + (*port == kHttps ? "" : ":" + std::to_string(*port))};
}

}  // namespace kaseya_vsa
