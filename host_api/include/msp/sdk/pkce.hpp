// msp/sdk/pkce.hpp - proof key for code exchange, RFC 7636: who asks for the token is who sent the person to sign in.
#pragma once

#include "msp/sdk/digest.hpp"
#include "msp/sdk/encoding.hpp"
#include "msp/sdk/secret.hpp"

namespace msp::sdk {

// A fresh verifier of 43 characters. Send its challenge with the browser and the verifier with the code. [call-thread]
inline Secret pkce_verifier(const Digest& digest) { return Secret::take(base64url(digest.random_bytes(32).view())); }

// The value of "code_challenge" for "code_challenge_method=S256".
inline std::string pkce_challenge(const Digest& digest, const Secret& verifier) {
   return base64url(digest.sha256(verifier.view()).view());
}

}  // namespace msp::sdk
