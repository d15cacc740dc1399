#include "sealing.hpp"

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace msp::console {
namespace {

constexpr char kFormat = 1;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

void need_sodium() {
   if (sodium_init() < 0) throw std::runtime_error("The system gives no random bytes, so nothing can be sealed.");
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// Length first, so that ("ab", "c") and ("a", "bc") differ.
void append(std::string& place, std::string_view part) {
   place += std::to_string(part.size()) + ':' + std::string(part);
}

}  // namespace

host::SecretBytes new_key() {
   need_sodium();
   std::string key(kKeyBytes, '\0');
   randombytes_buf(key.data(), key.size());
   return host::SecretBytes::take(key);
}

std::string fingerprint(const host::SecretBytes& key) {
   need_sodium();
   constexpr std::string_view kPurpose = "msp-console key fingerprint";
   std::array<unsigned char, crypto_generichash_BYTES_MIN> hash;
   crypto_generichash(hash.data(), hash.size(), bytes(kPurpose), kPurpose.size(), bytes(key.view()), key.size());
   std::array<char, 2 * 8 + 1> hex;
   sodium_bin2hex(hex.data(), hex.size(), hash.data(), 8);
   return hex.data();
}

std::string place_of_secret(std::string_view store, std::int64_t integration, std::string_view field) {
   std::string place = "secret ";
   append(place, store);
   append(place, std::to_string(integration));
   append(place, field);
   return place;
}

std::string place_of_data_key(std::string_view store, std::string_view key_fingerprint) {
   std::string place = "data key ";
   append(place, store);
   append(place, key_fingerprint);
   return place;
}

std::string seal(const host::SecretBytes& key, std::string_view secret, std::string_view place) {
   need_sodium();
   if (key.size() != kKeyBytes) throw std::invalid_argument("A sealing key has 32 bytes.");
   std::string sealed(1 + kNonceBytes + secret.size() + kTagBytes, '\0');
   sealed[0] = kFormat;
   randombytes_buf(&sealed[1], kNonceBytes);
   crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(sealed) + 1 + kNonceBytes, nullptr, bytes(secret), secret.size(),
                                              bytes(place), place.size(), nullptr, bytes(sealed) + 1,
                                              bytes(key.view()));
   return sealed;
}

std::optional<host::SecretBytes> unseal(const host::SecretBytes& key, std::string_view sealed, std::string_view place) {
   need_sodium();
   if (key.size() != kKeyBytes || sealed.size() < 1 + kNonceBytes + kTagBytes || sealed[0] != kFormat) return {};
   const std::string_view nonce = sealed.substr(1, kNonceBytes);
   const std::string_view ciphertext = sealed.substr(1 + kNonceBytes);
   std::string secret(ciphertext.size() - kTagBytes, '\0');
   if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes(secret), nullptr, nullptr, bytes(ciphertext), ciphertext.size(),
                                                  bytes(place), place.size(), bytes(nonce), bytes(key.view())) != 0) {
      return {};
   }
   return host::SecretBytes::take(secret);
}

}  // namespace msp::console
