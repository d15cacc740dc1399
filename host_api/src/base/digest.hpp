// digest.hpp - digests and random bytes from the system's own library (digest_openssl.cpp, digest_windows.cpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace msp::host {

enum class DigestAlgorithm : std::int32_t { sha1 = 1, sha256 = 2, sha384 = 3, sha512 = 4, md5 = 5 };
inline constexpr std::size_t kLongestDigest = 64;  // bytes
[[nodiscard]] constexpr std::size_t digest_size(DigestAlgorithm algorithm) noexcept {
   constexpr std::array<std::size_t, 6> kSizes{0, 20, 32, 48, kLongestDigest, 16};  // bytes
   return kSizes[static_cast<std::size_t>(algorithm)];
}

// `out` has room for digest_size bytes. False when the system's library refuses. [any-thread]
[[nodiscard]] bool digest(DigestAlgorithm algorithm, std::span<const std::byte> data,
                          std::span<std::uint8_t> out) noexcept;
[[nodiscard]] bool hmac(DigestAlgorithm algorithm, std::span<const std::byte> key, std::span<const std::byte> data,
                        std::span<std::uint8_t> out) noexcept;
[[nodiscard]] bool random_bytes(std::span<std::byte> out) noexcept;

// SHA-256 in pieces, to hash while copying.
class Sha256 {
 public:
   Sha256();
   ~Sha256();
   void update(std::span<const std::byte> data);
   [[nodiscard]] std::array<std::uint8_t, 32> finish();  // once

 private:
   struct State;
   std::unique_ptr<State> state_;
};

}  // namespace msp::host
