// sealing.hpp - secrets at rest: XChaCha20-Poly1305 with associated data, so that a sealed secret opens only in the
// place that it was sealed for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "msp/host/secret.hpp"

namespace msp::console {

inline constexpr std::size_t kKeyBytes = 32;

// A random key. Throws std::runtime_error when the system gives no random bytes.
host::SecretBytes new_key();

// 16 hex digits that tell keys apart and reveal nothing about them.
std::string fingerprint(const host::SecretBytes& key);

// The place of a secret: store, integration and field, in a form in which no two places look the same.
std::string place_of_secret(std::string_view store, std::int64_t integration, std::string_view field);
std::string place_of_data_key(std::string_view store, std::string_view key_fingerprint);

// A format byte, the nonce, the ciphertext with its tag. REQUIRES: `key` has kKeyBytes.
std::string seal(const host::SecretBytes& key, std::string_view secret, std::string_view place);

// Nothing when the key is another, the bytes were changed, or they were sealed for another place.
std::optional<host::SecretBytes> unseal(const host::SecretBytes& key, std::string_view sealed, std::string_view place);

}  // namespace msp::console
