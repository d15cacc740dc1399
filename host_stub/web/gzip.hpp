// gzip.hpp - answers made small, for whoever reaches the page through a slow line.
#pragma once

#include <string>
#include <string_view>

#include "web/http_server.hpp"

namespace msp::console {

// What Accept-Encoding says: "gzip, br", "*", not "gzip;q=0". [any-thread]
bool takes_gzip(std::string_view accept_encoding) noexcept;

// [any-thread]
std::string gzip(std::string_view bytes);

// REQUIRES: the body holds no secret. How well a secret is compressed beside what a stranger wrote would tell it
// (the attack BREACH), so neither sessions nor checks pass here.
void compress(HttpResponse& response, std::string_view accept_encoding);

}  // namespace msp::console
