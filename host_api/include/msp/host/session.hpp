// msp/host/session.hpp - what authenticates a request after a check.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "msp/host/secret.hpp"

namespace msp::host {

// Kept in memory only. Movable, not copyable, because the values are secrets.
struct Session {
   std::string base_url;  // https, ends in a slash, has no query
   std::vector<std::pair<std::string, SecretBytes>> headers;
   std::int64_t expires_at = 0;  // seconds since 1970-01-01T00:00Z; 0: does not expire by itself
   std::vector<std::pair<std::string, SecretBytes>> query{};  // unescaped
   std::vector<int> rejected_statuses{};     // an answer of one of these says that the session is over, as 401 does
   std::vector<std::string> public_names{};  // of headers and parameters whose values are no secrets
   std::string name{};                       // empty for the main one
   bool in_body = false;                     // the console's own code writes headers and query into each request's body
   bool is_signed = false;                   // the plugin signs each request

   [[nodiscard]] Session copy() const;
   // Whether the value of the header or parameter of that name is no secret.
   [[nodiscard]] bool is_public(std::string_view pair) const noexcept;
   // Whether an answer of this status says that the session is over.
   [[nodiscard]] bool ends_with(int status) const noexcept;
};

// Whether both authenticate requests in the same way, whenever they expire.
[[nodiscard]] bool is_same(const Session& one, const Session& other) noexcept;

}  // namespace msp::host
