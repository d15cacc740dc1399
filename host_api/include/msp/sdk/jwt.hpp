// msp/sdk/jwt.hpp - JSON Web Tokens, RFC 7515: a claim that is signed, as sign-ins with a key want it.
#pragma once

#include <string>
#include <string_view>

#include "msp/sdk/digest.hpp"
#include "msp/sdk/encoding.hpp"
#include "msp/sdk/secret.hpp"

namespace msp::sdk {

// What is signed: header and claims, each a JSON object as text. [any-thread]
inline std::string jwt_to_sign(std::string_view header, std::string_view claims) {
   return base64url(header) + '.' + base64url(claims);
}

// The token: what was signed, and the bytes of its signature. [any-thread]
inline Secret jwt(std::string_view to_sign, std::string_view signature) {
   const Secret encoded = Secret::take(base64url(signature));
   return Secret::join({to_sign, ".", encoded.view()});
}

// Signed with HMAC-SHA-256; the header must say {"alg":"HS256"}. [call-thread]
inline Secret jwt_hs256(const Digest& digest, std::string_view header, std::string_view claims, std::string_view key) {
   const std::string to_sign = jwt_to_sign(header, claims);
   return jwt(to_sign, digest.hmac_sha256(key, to_sign).view());
}

}  // namespace msp::sdk
