// msp/sdk/totp.hpp - time-based one-time passwords, RFC 6238, made of a seed that is stored as a secret.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "msp/sdk/digest.hpp"
#include "msp/sdk/secret.hpp"

namespace msp::sdk {

// The bytes of a seed as authenticator programs show it: RFC 4648 base32 in any case, with blanks and padding or
// without. Nothing for any other text. [any-thread]
inline std::optional<Secret> base32_decode(std::string_view text) {
   std::string bytes;
   bytes.reserve(text.size() * 5 / 8 + 1);
   std::uint32_t bits = 0;
   unsigned count = 0;
   for (const char each : text.substr(0, text.find('='))) {
      if (each == ' ' || each == '-') continue;
      const char c = to_lower(each);
      const bool letter = c >= 'a' && c <= 'z';
      if (!letter && (c < '2' || c > '7')) {
         wipe(bytes);
         return std::nullopt;
      }
      bits = bits << 5U | static_cast<std::uint32_t>(letter ? c - 'a' : c - '2' + 26);
      count += 5;
      if (count < 8) continue;
      count -= 8;
      bytes += static_cast<char>(bits >> count & 0xFFU);
      bits &= (1U << count) - 1U;
   }
   if (bytes.empty()) return std::nullopt;
   return Secret::take(std::move(bytes));
}

// The code of six digits for a moment in seconds since 1970, by HMAC-SHA-1 and steps of 30 seconds, which is what
// platforms use. A code is good once: never send the same one twice. [call-thread]
inline Secret totp(const Digest& digest, const Secret& seed, std::int64_t now) {
   constexpr std::int64_t kStepSeconds = 30;
   constexpr std::uint32_t kModulus = 1'000'000;
   std::array<char, 8> counter{};
   auto step = static_cast<std::uint64_t>(now / kStepSeconds);
   for (auto byte = counter.rbegin(); byte != counter.rend(); ++byte, step >>= 8U)
      *byte = static_cast<char>(step & 0xFFU);
   const Secret mac = digest.hmac_sha1(seed.view(), {counter.data(), counter.size()});
   const auto at = [&](std::size_t place) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>(mac.view()[place]));
   };
   const std::size_t offset = at(mac.view().size() - 1) & 0x0FU;
   const std::uint32_t number =
       ((at(offset) & 0x7FU) << 24U | at(offset + 1) << 16U | at(offset + 2) << 8U | at(offset + 3)) % kModulus;
   const std::string digits = std::to_string(kModulus + number);  // the leading 1 keeps the zeros
   return Secret(std::string_view(digits).substr(1));
}

}  // namespace msp::sdk
