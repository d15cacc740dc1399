#include "contract/digest_table.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/digest.hpp"

namespace msp::host {
namespace {

static_assert(static_cast<std::int32_t>(DigestAlgorithm::sha1) == MSP_SHA1);
static_assert(static_cast<std::int32_t>(DigestAlgorithm::sha256) == MSP_SHA256);
static_assert(static_cast<std::int32_t>(DigestAlgorithm::sha384) == MSP_SHA384);
static_assert(static_cast<std::int32_t>(DigestAlgorithm::sha512) == MSP_SHA512);
static_assert(static_cast<std::int32_t>(DigestAlgorithm::md5) == MSP_MD5);
static_assert(digest_size(DigestAlgorithm::sha1) == MSP_SHA1_SIZE);
static_assert(digest_size(DigestAlgorithm::sha256) == MSP_SHA256_SIZE);
static_assert(digest_size(DigestAlgorithm::sha384) == MSP_SHA384_SIZE);
static_assert(digest_size(DigestAlgorithm::sha512) == MSP_SHA512_SIZE);
static_assert(digest_size(DigestAlgorithm::md5) == MSP_MD5_SIZE);

bool is_known(std::int32_t number) noexcept { return number >= MSP_SHA1 && number <= MSP_MD5; }

bool readable(const void* data, std::uint64_t size) noexcept { return data != nullptr || size == 0; }

std::span<const std::byte> bytes(const void* data, std::uint64_t size) noexcept {
   return {static_cast<const std::byte*>(data), static_cast<std::size_t>(size)};
}

// Through a buffer of our own, because the contract leaves `out` untouched unless the digest is done.
template <class Compute>
msp_result digest_into(std::int32_t number, std::uint8_t* out, std::uint64_t out_size, Compute compute) noexcept {
   if (!is_known(number)) return MSP_UNSUPPORTED;
   const auto algorithm = static_cast<DigestAlgorithm>(number);
   if (out == nullptr || out_size < digest_size(algorithm)) return MSP_OUT_OF_BOUNDS;
   std::array<std::uint8_t, kLongestDigest> result{};
   if (!compute(algorithm, std::span<std::uint8_t>(result))) return MSP_UNABLE;
   std::copy_n(result.begin(), digest_size(algorithm), out);
   return MSP_DONE;
}

msp_result MSP_CDECL hash(const msp_host*, std::int32_t number, const void* data, std::uint64_t size, std::uint8_t* out,
                          std::uint64_t out_size) noexcept {
   if (!readable(data, size) || size > MSP_DIGEST_DATA_MAX) return MSP_OUT_OF_BOUNDS;
   return digest_into(number, out, out_size, [&](DigestAlgorithm algorithm, std::span<std::uint8_t> result) {
      return digest(algorithm, bytes(data, size), result);
   });
}

msp_result MSP_CDECL keyed_hash(const msp_host*, std::int32_t number, const void* key, std::uint64_t key_size,
                                const void* data, std::uint64_t size, std::uint8_t* out,
                                std::uint64_t out_size) noexcept {
   if (!readable(key, key_size) || key_size > MSP_DIGEST_KEY_MAX) return MSP_OUT_OF_BOUNDS;
   if (!readable(data, size) || size > MSP_DIGEST_DATA_MAX) return MSP_OUT_OF_BOUNDS;
   return digest_into(number, out, out_size, [&](DigestAlgorithm algorithm, std::span<std::uint8_t> result) {
      return hmac(algorithm, bytes(key, key_size), bytes(data, size), result);
   });
}

msp_result MSP_CDECL random(const msp_host*, void* out, std::uint64_t size) noexcept {
   if (!readable(out, size) || size > MSP_RANDOM_MAX) return MSP_OUT_OF_BOUNDS;
   return random_bytes({static_cast<std::byte*>(out), static_cast<std::size_t>(size)}) ? MSP_DONE : MSP_UNABLE;
}

constexpr msp_digest kTable = {sizeof(msp_digest), 0, hash, keyed_hash, random};

}  // namespace

const msp_digest& digest_table() noexcept { return kTable; }

}  // namespace msp::host
