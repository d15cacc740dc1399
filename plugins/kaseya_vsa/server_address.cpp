#include "server_address.hpp"

#include "msp/sdk/text.hpp"

namespace kaseya_vsa {
namespace {

constexpr std::string_view kScheme = "https://";

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
   if (colon != std::string_view::npos) {
      const std::string_view port = authority.substr(colon + 1);
      if (!msp::sdk::is_digits(port)) return std::nullopt;
      if (port.empty() || port == "443") authority = authority.substr(0, colon);
   }
   if (authority.empty()) return std::nullopt;
   return ServerAddress{msp::sdk::to_lower(authority)};
}

}  // namespace kaseya_vsa
