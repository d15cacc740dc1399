// msp/host/ascii.hpp - what is written in ASCII alone: header names, hexadecimal, percent-encoding. No locale counts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace msp::host {

[[nodiscard]] constexpr char to_lower(char c) noexcept {
   return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] inline std::string to_lower(std::string_view ascii) {
   std::string lower(ascii);
   std::ranges::transform(lower, lower.begin(), [](char c) { return to_lower(c); });
   return lower;
}

[[nodiscard]] constexpr bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
   return std::ranges::equal(left, right, [](char one, char other) { return to_lower(one) == to_lower(other); });
}

// Two lower-case digits for each byte. Memory is reserved first, so the hexadecimal of a secret leaves no copy behind.
[[nodiscard]] inline std::string hex(std::string_view bytes) {
   constexpr std::string_view kDigits = "0123456789abcdef";
   std::string text;
   text.reserve(bytes.size() * 2);
   for (const char c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      text += kDigits[byte >> 4U];
      text += kDigits[byte & 0xFU];
   }
   return text;
}

// For arrays of bytes: std::byte, std::uint8_t or char.
template <class Bytes>
requires(sizeof(typename Bytes::value_type) == 1) [[nodiscard]] std::string hex(const Bytes& bytes) {
   return hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

// What a hexadecimal digit stands for; nothing when it is none.
[[nodiscard]] constexpr std::optional<unsigned> hex_digit(char c) noexcept {
   if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
   const char lower = to_lower(c);
   return lower >= 'a' && lower <= 'f' ? std::optional(static_cast<unsigned>(lower - 'a' + 10)) : std::nullopt;
}

// The byte that "%XX" at the start of a text stands for; nothing when the text begins with no escape.
[[nodiscard]] constexpr std::optional<char> percent_escape(std::string_view text) noexcept {
   if (text.size() < 3 || text[0] != '%') return std::nullopt;
   const auto high = hex_digit(text[1]);
   const auto low = hex_digit(text[2]);
   if (!high || !low) return std::nullopt;
   return static_cast<char>(*high << 4U | *low);
}

// "%40" becomes "@". A '%' that begins no escape stays.
[[nodiscard]] inline std::string percent_decoded(std::string_view text) {
   std::string decoded;
   decoded.reserve(text.size());
   while (!text.empty()) {
      const auto escaped = percent_escape(text);
      decoded += escaped.value_or(text.front());
      text.remove_prefix(escaped ? 3 : 1);
   }
   return decoded;
}

// "@" becomes "%40".
inline void append_percent_escape(std::string& text, char c) {
   constexpr std::string_view kDigits = "0123456789ABCDEF";
   const auto byte = static_cast<unsigned char>(c);
   text += {'%', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
}

}  // namespace msp::host
