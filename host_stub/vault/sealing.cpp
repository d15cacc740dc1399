#include "vault/sealing.hpp"

#include <sodium.h>

#include <array>
#include <span>
#include <stdexcept>

#include "msp/host/ascii.hpp"

namespace msp::console {
namespace {

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

// What is sealed along with a secret; the first format left itself out.
std::string associated_data(SealFormat format, std::string_view place) {
   return (format == SealFormat::first ? "" : std::string(1, static_cast<char>(format))) + std::string(place);
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
   return host::hex(std::span(hash).first(8));
}

std::optional<SealFormat> seal_format(std::string_view sealed) noexcept {
   if (sealed.size() < 1 + kNonceBytes + kTagBytes) return {};
   const auto format = static_cast<SealFormat>(sealed.front());
   if (format != SealFormat::first && format != SealFormat::present) return {};
   return format;
}

std::string place_of_secret(std::string_view store, const IntegrationRecord& record, std::string_view field) {
   std::string place = "secret ";
   append(place, store);
   append(place, std::to_string(record.id));
   append(place, record.platform);
   append(place, field);
   for (const auto& [id, setting] : record.values) {
      append(place, id);
      append(place, setting.value);
   }
   return place;
}

std::string first_place_of_secret(std::string_view store, std::int64_t integration, std::string_view field) {
   std::string place = "secret ";
   append(place, store);
   append(place, std::to_string(integration));
   append(place, field);
   return place;
}

std::string place_of_approval(std::string_view store, const host::Approval& approval) {
   std::string place = "approval ";
   append(place, store);
   append(place, approval.plugin_id);
   append(place, approval.sha256);
   append(place, approval.enabled ? "enabled" : "disabled");
   // Earlier consoles sealed no more than this.
   if (approval.isolation == host::Isolation::in_process) append(place, host::name(approval.isolation));
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
   sealed[0] = static_cast<char>(SealFormat::present);
   const std::string along = associated_data(SealFormat::present, place);
   randombytes_buf(&sealed[1], kNonceBytes);
   crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(sealed) + 1 + kNonceBytes, nullptr, bytes(secret), secret.size(),
                                              bytes(along), along.size(), nullptr, bytes(sealed) + 1,
                                              bytes(key.view()));
   return sealed;
}

std::optional<host::SecretBytes> unseal(const host::SecretBytes& key, std::string_view sealed, std::string_view place) {
   need_sodium();
   const auto format = seal_format(sealed);
   if (key.size() != kKeyBytes || !format) return {};
   const std::string along = associated_data(*format, place);
   const std::string_view nonce = sealed.substr(1, kNonceBytes);
   const std::string_view ciphertext = sealed.substr(1 + kNonceBytes);
   std::string secret(ciphertext.size() - kTagBytes, '\0');
   if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes(secret), nullptr, nullptr, bytes(ciphertext), ciphertext.size(),
                                                  bytes(along), along.size(), bytes(nonce), bytes(key.view())) != 0) {
      return {};
   }
   return host::SecretBytes::take(secret);
}

}  // namespace msp::console
