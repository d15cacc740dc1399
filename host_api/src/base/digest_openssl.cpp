// Digests by OpenSSL's libcrypto.
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <climits>
#include <stdexcept>

#include "base/digest.hpp"

namespace msp::host {
namespace {

struct ContextDeleter {
   void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

const EVP_MD* openssl_digest(DigestAlgorithm algorithm) noexcept {
   switch (algorithm) {
      case DigestAlgorithm::sha1:
         return EVP_sha1();
      case DigestAlgorithm::sha256:
         return EVP_sha256();
      case DigestAlgorithm::sha384:
         return EVP_sha384();
      case DigestAlgorithm::sha512:
         return EVP_sha512();
      case DigestAlgorithm::md5:
         break;
   }
   return EVP_md5();
}

}  // namespace

bool digest(DigestAlgorithm algorithm, std::span<const std::byte> data, std::span<std::uint8_t> out) noexcept {
   if (out.size() < digest_size(algorithm)) return false;
   return EVP_Digest(data.data(), data.size(), out.data(), nullptr, openssl_digest(algorithm), nullptr) == 1;
}

bool hmac(DigestAlgorithm algorithm, std::span<const std::byte> key, std::span<const std::byte> data,
          std::span<std::uint8_t> out) noexcept {
   if (out.size() < digest_size(algorithm) || key.size() > INT_MAX) return false;
   // OpenSSL takes a null pointer for "the key of last time", never for an empty one.
   const void* key_data = key.empty() ? "" : static_cast<const void*>(key.data());
   return HMAC(openssl_digest(algorithm), key_data, static_cast<int>(key.size()),
               reinterpret_cast<const unsigned char*>(data.data()), data.size(), out.data(), nullptr) != nullptr;
}

bool random_bytes(std::span<std::byte> out) noexcept {
   while (!out.empty()) {
      const auto piece = out.first(std::min<std::size_t>(out.size(), INT_MAX));
      if (RAND_bytes(reinterpret_cast<unsigned char*>(piece.data()), static_cast<int>(piece.size())) != 1) return false;
      out = out.subspan(piece.size());
   }
   return true;
}

struct Sha256::State {
   std::unique_ptr<EVP_MD_CTX, ContextDeleter> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
   if (!state_->context || EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) != 1)
      throw std::runtime_error("OpenSSL offers no SHA-256.");
}

Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::byte> data) {
   if (EVP_DigestUpdate(state_->context.get(), data.data(), data.size()) != 1)
      throw std::runtime_error("OpenSSL could not continue a SHA-256 digest.");
}

std::array<std::uint8_t, 32> Sha256::finish() {
   std::array<std::uint8_t, 32> result{};
   if (EVP_DigestFinal_ex(state_->context.get(), result.data(), nullptr) != 1)
      throw std::runtime_error("OpenSSL could not finish a SHA-256 digest.");
   return result;
}

}  // namespace msp::host
