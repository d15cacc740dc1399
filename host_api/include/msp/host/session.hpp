// msp/host/session.hpp - what authenticates a request after a check.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "msp/host/secret.hpp"

namespace msp::host {

// Kept in memory only. Movable, not copyable, because the header values are secrets.
struct Session {
   std::string base_url;  // https, ends in a slash
   std::vector<std::pair<std::string, SecretBytes>> headers;
   std::int64_t expires_at = 0;  // seconds since 1970-01-01T00:00Z; 0: does not expire by itself
};

}  // namespace msp::host
