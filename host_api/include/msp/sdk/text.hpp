// msp/sdk/text.hpp - the small text work that every platform needs: encodings, and comparing without case.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace msp::sdk {

// All of it is ASCII only and independent of the locale. [any-thread]

inline char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

inline std::string to_lower(std::string_view text) {
   std::string lower(text);
   for (char& c : lower) c = to_lower(c);
   return lower;
}

inline bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
   if (left.size() != right.size()) return false;
   for (std::size_t i = 0; i < left.size(); ++i)
      if (to_lower(left[i]) != to_lower(right[i])) return false;
   return true;
}

inline bool contains_ignoring_case(std::string_view text, std::string_view part) noexcept {
   for (std::size_t i = 0; i + part.size() <= text.size(); ++i)
      if (equal_ignoring_case(text.substr(i, part.size()), part)) return true;
   return false;
}

inline bool is_digits(std::string_view text) noexcept {
   return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Whether one of the words of a list that blanks part is `word`, as in OAuth's "scope".
inline bool has_word(std::string_view list, std::string_view word) noexcept {
   while (!list.empty()) {
      const std::string_view first = list.substr(0, list.find(' '));
      if (!first.empty() && first == word) return true;
      list.remove_prefix(first.size() < list.size() ? first.size() + 1 : first.size());
   }
   return false;
}

inline std::string_view trim(std::string_view text) noexcept {
   constexpr std::string_view kSpace = " \t\r\n\v\f";
   const std::size_t first = text.find_first_not_of(kSpace);
   if (first == std::string_view::npos) return {};
   return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Also without what web pages and documents hand out along with a text and nobody sees: no-break spaces, zero-width
// characters, a byte order mark.
inline std::string_view trim_unseen(std::string_view text) noexcept {
   constexpr std::string_view kUnseen[] = {"\xC2\xA0",     "\xE2\x80\x8B", "\xE2\x80\x8C",
                                           "\xE2\x80\x8D", "\xE2\x81\xA0", "\xEF\xBB\xBF"};
   for (std::size_t before = text.size() + 1; text.size() < before;) {
      before = text.size();
      text = trim(text);
      for (const std::string_view each : kUnseen) {
         if (text.substr(0, each.size()) == each) text.remove_prefix(each.size());
         if (text.size() >= each.size() && text.substr(text.size() - each.size()) == each)
            text.remove_suffix(each.size());
      }
   }
   return text;
}

inline bool has_control_character(std::string_view text) noexcept {
   for (const char c : text)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
   return false;
}

// Whether a text that should be JSON is a web page, or XML.
inline bool looks_like_markup(std::string_view text) noexcept { return trim(text.substr(0, 1024)).substr(0, 1) == "<"; }

// Whether it is a web page on which a person signs in.
inline bool is_sign_in_page(std::string_view text) noexcept {
   if (!looks_like_markup(text)) return false;
   text = text.substr(0, 65'536);
   for (const std::string_view field : {"type=\"password\"", "type='password'", "type=password"})
      if (contains_ignoring_case(text, field)) return true;
   return false;
}

// Lower-case hexadecimal.
inline std::string hex(const std::uint8_t* bytes, std::size_t size) {
   constexpr char kDigits[] = "0123456789abcdef";
   std::string text;
   text.reserve(size * 2);
   for (std::size_t i = 0; i < size; ++i) {
      text += kDigits[bytes[i] >> 4U];
      text += kDigits[bytes[i] & 0xFU];
   }
   return text;
}

// For a part of a URL: all but the unreserved characters of RFC 3986 is escaped, so '@', '+' and '/' are too.
inline std::string percent_encode(std::string_view text) {
   constexpr char kDigits[] = "0123456789ABCDEF";
   constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
   std::string encoded;
   encoded.reserve(3 * text.size());
   for (const char c : text) {
      if (kUnreserved.find(c) != std::string_view::npos) {
         encoded += c;
         continue;
      }
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kDigits[byte >> 4U];
      encoded += kDigits[byte & 0xFU];
   }
   return encoded;
}

// RFC 4648, with padding. The result is as secret as the text: see Secret::take. Memory is reserved beforehand, so no
// half of it is left behind.
inline std::string base64(std::string_view text) {
   constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
   std::string encoded;
   encoded.reserve((text.size() + 2) / 3 * 4);
   for (std::size_t i = 0; i < text.size(); i += 3) {
      const auto byte = [&](std::size_t at) -> std::uint32_t {
         return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
      };
      const std::uint32_t group = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
      encoded += kAlphabet[group >> 18U];
      encoded += kAlphabet[group >> 12U & 0x3FU];
      encoded += i + 1 < text.size() ? kAlphabet[group >> 6U & 0x3FU] : '=';
      encoded += i + 2 < text.size() ? kAlphabet[group & 0x3FU] : '=';
   }
   return encoded;
}

}  // namespace msp::sdk
