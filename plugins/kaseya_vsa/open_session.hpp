// open_session.hpp - what a successful sign-in hands out: the token that every later request carries, and who it is
// for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "msp/sdk/call.hpp"
#include "msp/sdk/json.hpp"
#include "msp/sdk/secret.hpp"
#include "server_address.hpp"

namespace kaseya_vsa {

struct OpenSession {
   msp::sdk::Secret token;
   std::int64_t expires_at = 0;  // seconds since 1970
   std::string user;             // as the server writes it; this and what follows may be empty: older servers
   std::string tenant;
   std::string role;
   std::string scope;

   // The headers that authenticate a request, and ask for JSON: the server can also answer in XML.
   [[nodiscard]] std::vector<msp::sdk::Pair> headers() const;

   // Whose session it is. `typed_user` stands in where the server names none.
   [[nodiscard]] msp::sdk::Identity identity(const ServerAddress& server, std::string_view typed_user) const;
};

// Reads the Result of the sign-in. Only the token is always there; numbers may be quoted or not. The end of the session
// is taken as UTC; without one that lies ahead of `now`, 20 minutes are assumed, the shortest lifetime known.
std::optional<OpenSession> read_open_session(msp::sdk::JsonValue result, std::int64_t now);

}  // namespace kaseya_vsa
