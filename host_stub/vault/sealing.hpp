// sealing.hpp - secrets at rest: XChaCha20-Poly1305 with associated data, so that a sealed secret opens only in the
// place that it was sealed for, among the settings that it was saved with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "msp/host/secret.hpp"
#include "store/records.hpp"

namespace msp::console {

inline constexpr std::size_t kKeyBytes = 32;

// A random key. Throws std::runtime_error when the system gives no random bytes.
host::SecretBytes new_key();

// 16 hex digits that tell keys apart and reveal nothing about them.
std::string fingerprint(const host::SecretBytes& key);

// The first byte of what is sealed; it is sealed along, so nobody can give one for the other.
enum class SealFormat : char {
   first = 1,  // binds a secret to its store, integration and field only
   present = 2,
};
// Nothing for bytes that were not sealed by this console or an earlier one.
std::optional<SealFormat> seal_format(std::string_view sealed) noexcept;

// The place of a secret: store, integration, platform and field, and every plain setting, so that an address changed
// in the database makes the secret unreadable instead of sending it there. No two places look the same.
std::string place_of_secret(std::string_view store, const IntegrationRecord& record, std::string_view field);
std::string first_place_of_secret(std::string_view store, std::int64_t integration, std::string_view field);
// The place of an approval: store, plugin, bytes, whether they are in use, and where they run.
std::string place_of_approval(std::string_view store, const host::Approval& approval);
std::string place_of_data_key(std::string_view store, std::string_view key_fingerprint);

// The present format byte, the nonce, the ciphertext with its tag. REQUIRES: `key` has kKeyBytes.
std::string seal(const host::SecretBytes& key, std::string_view secret, std::string_view place);

// Either format. Nothing when the key is another, the bytes were changed, or they were sealed for another place.
std::optional<host::SecretBytes> unseal(const host::SecretBytes& key, std::string_view sealed, std::string_view place);

}  // namespace msp::console
