#include "core/publisher.hpp"

#include <sodium.h>

#include <fstream>
#include <system_error>

#include "msp/host/digest.hpp"

namespace msp::console {
namespace {

constexpr std::size_t kKey = crypto_sign_PUBLICKEYBYTES;
constexpr std::size_t kSignature = crypto_sign_BYTES;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::optional<Publisher> publisher_of(std::string_view plugin) {
   const std::size_t size = kSignatureMark.size() + kKey + kSignature;
   if (plugin.size() < size) return std::nullopt;
   const std::string_view trailer = plugin.substr(plugin.size() - size);
   if (!trailer.starts_with(kSignatureMark)) return std::nullopt;
   const std::string_view key = trailer.substr(kSignatureMark.size(), kKey);
   const std::string_view signature = trailer.substr(size - kSignature);
   const std::string_view said = plugin.substr(0, plugin.size() - kSignature);
   Publisher publisher;
   publisher.key.resize(sodium_base64_ENCODED_LEN(kKey, sodium_base64_VARIANT_ORIGINAL));
   sodium_bin2base64(publisher.key.data(), publisher.key.size(), bytes(key), kKey, sodium_base64_VARIANT_ORIGINAL);
   publisher.key.pop_back();  // the NUL
   publisher.genuine = crypto_sign_verify_detached(bytes(signature), bytes(said), said.size(), bytes(key)) == 0;
   return publisher;
}

std::optional<Publisher> publisher_of(const std::filesystem::path& file, std::string_view sha256) {
   std::error_code error;
   const auto size = std::filesystem::file_size(file, error);
   std::ifstream in(file, std::ios::binary);
   if (error || !in) return std::nullopt;
   std::string read(static_cast<std::size_t>(size), '\0');
   in.read(read.data(), static_cast<std::streamsize>(read.size()));
   return in && host::sha256_hex(read) == sha256 ? publisher_of(read) : std::nullopt;
}

}  // namespace msp::console
