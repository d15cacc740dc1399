#include "contract/digest_table.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/digest.hpp"

namespace msp::host {
namespace {

using Digest = std::array<std::uint8_t, MSP_SHA256_SIZE>;

static_assert(static_cast<std::int32_t>(DigestAlgorithm::sha1) == MSP_SHA1);
static_assert(static_cast<std::int32_t>(DigestAlgorithm::sha256) == MSP_SHA256);

std::optional<DigestAlgorithm> algorithm_of(std::int32_t number) noexcept {
   if (number != MSP_SHA1 && number != MSP_SHA256) return std::nullopt;
   return static_cast<DigestAlgorithm>(number);
}

bool readable(const void* data, std::uint64_t size) noexcept { return data != nullptr || size == 0; }

std::span<const std::byte> bytes(const void* data, std::uint64_t size) noexcept {
   return {static_cast<const std::byte*>(data), static_cast<std::size_t>(size)};
}

// Through a buffer of our own, because the contract leaves `out` untouched when the outcome is MSP_FAILED.
template <class Compute>
msp_outcome digest_into(std::int32_t number, std::uint8_t* out, Compute compute) noexcept {
   const auto algorithm = algorithm_of(number);
   Digest result{};
   if (!algorithm || !out || !compute(*algorithm, std::span<std::uint8_t>(result))) return MSP_FAILED;
   std::copy_n(result.begin(), digest_size(*algorithm), out);
   return MSP_ACCEPTED;
}

msp_outcome MSP_CALL hash(const msp_host*, std::int32_t number, const void* data, std::uint64_t size,
                          std::uint8_t* out) noexcept {
   if (!readable(data, size)) return MSP_FAILED;
   return digest_into(number, out, [&](DigestAlgorithm algorithm, std::span<std::uint8_t> result) {
      return digest(algorithm, bytes(data, size), result);
   });
}

msp_outcome MSP_CALL keyed_hash(const msp_host*, std::int32_t number, const void* key, std::uint64_t key_size,
                                const void* data, std::uint64_t size, std::uint8_t* out) noexcept {
   if (!readable(key, key_size) || !readable(data, size)) return MSP_FAILED;
   return digest_into(number, out, [&](DigestAlgorithm algorithm, std::span<std::uint8_t> result) {
      return hmac(algorithm, bytes(key, key_size), bytes(data, size), result);
   });
}

msp_outcome MSP_CALL random(const msp_host*, void* out, std::uint64_t size) noexcept {
   if (!readable(out, size)) return MSP_FAILED;
   return random_bytes({static_cast<std::byte*>(out), static_cast<std::size_t>(size)}) ? MSP_ACCEPTED : MSP_FAILED;
}

constexpr msp_digest kTable = {sizeof(msp_digest), 0, hash, keyed_hash, random};

}  // namespace

const msp_digest& digest_table() noexcept { return kTable; }

}  // namespace msp::host
