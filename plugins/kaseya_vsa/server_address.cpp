#include "server_address.hpp"

#include "msp/sdk/text.hpp"

namespace kaseya_vsa {
namespace {

constexpr std::string_view kScheme = "https://";

bool ends_in(std::string_view text, std::string_view end) {
   return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
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
   for (const std::string_view default_port : {":443", ":"})
      if (ends_in(authority, default_port)) authority.remove_suffix(default_port.size());
   if (authority.empty()) return std::nullopt;
   return ServerAddress{msp::sdk::to_lower(authority)};
}

}  // namespace kaseya_vsa
