// msp/sdk/digest.hpp - digests and random digits over the host's service "msp.digest/1".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "msp/digest.h"
#include "msp/sdk/host.hpp"
#include "msp/sdk/secret.hpp"
#include "msp/sdk/text.hpp"

namespace msp::sdk {

// Digests come as secrets: a password's hash is as good as the password where a platform
// takes it for one. Names that end in _hex give lower-case hexadecimal. Throws when the host's service fails.
// [call-thread]
class Digest {
 public:
   // Throws Incompatible when the host has no digest service.
   explicit Digest(const Host& host) : host_(host), service_(&host.service<msp_digest>(MSP_DIGEST_SERVICE)) {}

   [[nodiscard]] Secret sha1_hex(std::string_view text) const { return in_hex(raw<MSP_SHA1_SIZE>(MSP_SHA1, text)); }
   [[nodiscard]] Secret sha256_hex(std::string_view text) const { return in_hex(sha256(text)); }
   [[nodiscard]] Secret hmac_sha256_hex(std::string_view key, std::string_view text) const {
      return in_hex(hmac_sha256(key, text));
   }

   // The bytes themselves, for signatures that put one digest into the next.
   [[nodiscard]] Secret sha256(std::string_view bytes) const { return raw<MSP_SHA256_SIZE>(MSP_SHA256, bytes); }
   [[nodiscard]] Secret md5(std::string_view bytes) const { return raw<MSP_MD5_SIZE>(MSP_MD5, bytes); }
   [[nodiscard]] Secret sha384(std::string_view bytes) const { return raw<MSP_SHA384_SIZE>(MSP_SHA384, bytes); }
   [[nodiscard]] Secret sha512(std::string_view bytes) const { return raw<MSP_SHA512_SIZE>(MSP_SHA512, bytes); }
   [[nodiscard]] Secret hmac_sha512(std::string_view key, std::string_view bytes) const {
      return raw_hmac<MSP_SHA512_SIZE>(MSP_SHA512, key, bytes);
   }
   [[nodiscard]] Secret hmac_sha1(std::string_view key, std::string_view bytes) const {
      return raw_hmac<MSP_SHA1_SIZE>(MSP_SHA1, key, bytes);
   }
   [[nodiscard]] Secret hmac_sha256(std::string_view key, std::string_view bytes) const {
      return raw_hmac<MSP_SHA256_SIZE>(MSP_SHA256, key, bytes);
   }

   // `count` bytes from the system's random source.
   [[nodiscard]] Secret random_bytes(std::size_t count) const {
      std::string bytes(count, '\0');
      require(service_->random(host_.table(), bytes.data(), bytes.size()));
      return Secret::take(std::move(bytes));
   }

   // `count` decimal digits, each equally likely, from the system's random source.
   [[nodiscard]] std::string random_digits(std::size_t count) const {
      std::string digits;
      while (digits.size() < count) {
         std::uint8_t byte = 0;
         require(service_->random(host_.table(), &byte, sizeof(byte)));
         if (byte < 250) digits += static_cast<char>('0' + byte % 10);  // 250..255 would favour the low digits
      }
      return digits;
   }

 private:
   template <std::size_t Size>
   [[nodiscard]] Secret raw(std::int32_t algorithm, std::string_view text) const {
      std::array<std::uint8_t, Size> bytes{};
      require(service_->hash(host_.table(), algorithm, text.data(), text.size(), bytes.data(), Size));
      return taken(bytes);
   }

   template <std::size_t Size>
   [[nodiscard]] Secret raw_hmac(std::int32_t algorithm, std::string_view key, std::string_view text) const {
      std::array<std::uint8_t, Size> bytes{};
      require(service_->hmac(host_.table(), algorithm, key.data(), key.size(), text.data(), text.size(), bytes.data(),
                             Size));
      return taken(bytes);
   }

   template <std::size_t Size>
   [[nodiscard]] static Secret taken(std::array<std::uint8_t, Size>& bytes) {
      Secret secret(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
      wipe(bytes.data(), bytes.size());
      return secret;
   }

   [[nodiscard]] static Secret in_hex(const Secret& bytes) {
      return Secret::take(hex(reinterpret_cast<const std::uint8_t*>(bytes.view().data()), bytes.view().size()));
   }

   static void require(msp_result result) {
      if (result != MSP_DONE) throw std::runtime_error("the host's digest service failed");
   }

   Host host_;
   const msp_digest* service_;
};

}  // namespace msp::sdk
