// server_address.hpp - the address of a VSA server, out of whatever an administrator copied from a browser.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kaseya_vsa {

struct ServerAddress {
   std::string authority;  // host and, unless it is 443, port; one spelling for each server

   // Where the REST interface lives: always here, so that no other part of what was typed matters.
   [[nodiscard]] std::string base_url() const { return "https://" + authority + "/api/v1.0/"; }
};

// Adds a missing https:// and drops everything behind the host: /api/v1.0, /vsapres/..., slashes, queries. Nothing for
// another scheme, for a user name or password before the host, and for what is no address at all.
std::optional<ServerAddress> read_server_address(std::string_view typed);

}  // namespace kaseya_vsa
