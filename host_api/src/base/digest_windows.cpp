// Digests by Windows itself (BCrypt).
#include <windows.h>

#include <bcrypt.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "base/digest.hpp"

namespace msp::host {
namespace {

// BCrypt counts in ULONG, which has 32 bits.
constexpr std::size_t kPiece = std::numeric_limits<ULONG>::max();

bool succeeded(NTSTATUS status) noexcept { return status >= 0; }

UCHAR* unsigned_bytes(const std::byte* data) noexcept {
   return const_cast<UCHAR*>(reinterpret_cast<const UCHAR*>(data));  // BCrypt's inputs lack a const
}

const wchar_t* bcrypt_name(DigestAlgorithm algorithm) noexcept {
   switch (algorithm) {
      case DigestAlgorithm::sha1:
         return BCRYPT_SHA1_ALGORITHM;
      case DigestAlgorithm::sha256:
         return BCRYPT_SHA256_ALGORITHM;
      case DigestAlgorithm::sha384:
         return BCRYPT_SHA384_ALGORITHM;
      case DigestAlgorithm::sha512:
         return BCRYPT_SHA512_ALGORITHM;
      case DigestAlgorithm::md5:
         break;
   }
   return BCRYPT_MD5_ALGORITHM;
}

// One running digest, keyed or not.
class Hash {
 public:
   Hash(DigestAlgorithm algorithm, bool keyed, std::span<const std::byte> key) noexcept {
      const wchar_t* name = bcrypt_name(algorithm);
      ready_ =
          key.size() <= kPiece &&
          succeeded(BCryptOpenAlgorithmProvider(&provider_, name, nullptr, keyed ? BCRYPT_ALG_HANDLE_HMAC_FLAG : 0)) &&
          succeeded(BCryptCreateHash(provider_, &hash_, nullptr, 0, unsigned_bytes(key.data()),
                                     static_cast<ULONG>(key.size()), 0));
   }
   ~Hash() {
      if (hash_) BCryptDestroyHash(hash_);
      if (provider_) BCryptCloseAlgorithmProvider(provider_, 0);
   }
   Hash(const Hash&) = delete;
   Hash& operator=(const Hash&) = delete;

   [[nodiscard]] bool ready() const noexcept { return ready_; }

   bool update(std::span<const std::byte> data) noexcept {
      while (ready_ && !data.empty()) {
         const auto piece = data.first(std::min(data.size(), kPiece));
         ready_ = succeeded(BCryptHashData(hash_, unsigned_bytes(piece.data()), static_cast<ULONG>(piece.size()), 0));
         data = data.subspan(piece.size());
      }
      return ready_;
   }

   bool finish(std::span<std::uint8_t> out) noexcept {
      return ready_ && succeeded(BCryptFinishHash(hash_, out.data(), static_cast<ULONG>(out.size()), 0));
   }

 private:
   BCRYPT_ALG_HANDLE provider_ = nullptr;
   BCRYPT_HASH_HANDLE hash_ = nullptr;
   bool ready_ = false;
};

}  // namespace

bool digest(DigestAlgorithm algorithm, std::span<const std::byte> data, std::span<std::uint8_t> out) noexcept {
   if (out.size() < digest_size(algorithm)) return false;
   Hash hash(algorithm, false, {});
   return hash.update(data) && hash.finish(out.first(digest_size(algorithm)));
}

bool hmac(DigestAlgorithm algorithm, std::span<const std::byte> key, std::span<const std::byte> data,
          std::span<std::uint8_t> out) noexcept {
   if (out.size() < digest_size(algorithm)) return false;
   Hash hash(algorithm, true, key);
   return hash.update(data) && hash.finish(out.first(digest_size(algorithm)));
}

bool random_bytes(std::span<std::byte> out) noexcept {
   while (!out.empty()) {
      const auto piece = out.first(std::min(out.size(), kPiece));
      if (!succeeded(BCryptGenRandom(nullptr, unsigned_bytes(piece.data()), static_cast<ULONG>(piece.size()),
                                     BCRYPT_USE_SYSTEM_PREFERRED_RNG)))
         return false;
      out = out.subspan(piece.size());
   }
   return true;
}

struct Sha256::State {
   Hash hash{DigestAlgorithm::sha256, false, {}};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
   if (!state_->hash.ready()) throw std::runtime_error("Windows offers no SHA-256.");
}

Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::byte> data) {
   if (!state_->hash.update(data)) throw std::runtime_error("Windows could not continue a SHA-256 digest.");
}

std::array<std::uint8_t, 32> Sha256::finish() {
   std::array<std::uint8_t, 32> result{};
   if (!state_->hash.finish(result)) throw std::runtime_error("Windows could not finish a SHA-256 digest.");
   return result;
}

}  // namespace msp::host
