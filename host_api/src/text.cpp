#include "text.hpp"

#include <algorithm>

namespace msp::host {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";     // U+2026
constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";

struct Character {
   char32_t code_point = 0;
   std::size_t size = 0;  // bytes that it takes; of an invalid sequence, the bytes to skip
   bool valid = false;
};

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// Skips as Unicode recommends: the longest prefix of a sequence that could have become valid counts as one error.
Character next_character(std::string_view text) noexcept {
   const auto first = static_cast<unsigned char>(text[0]);
   if (first < 0x80) return {first, 1, true};

   std::size_t size = 0;
   char32_t code_point = 0;
   unsigned char low = 0x80;  // bounds of the second byte: they rule out overlong forms, surrogates, > U+10FFFF
   unsigned char high = 0xBF;
   if (first >= 0xC2 && first <= 0xDF) {
      size = 2;
      code_point = first & 0x1FU;
   } else if (first >= 0xE0 && first <= 0xEF) {
      size = 3;
      code_point = first & 0x0FU;
      if (first == 0xE0) low = 0xA0;
      if (first == 0xED) high = 0x9F;
   } else if (first >= 0xF0 && first <= 0xF4) {
      size = 4;
      code_point = first & 0x07U;
      if (first == 0xF0) low = 0x90;
      if (first == 0xF4) high = 0x8F;
   } else {
      return {0, 1, false};
   }
   for (std::size_t i = 1; i < size; ++i) {
      if (i >= text.size() || !is_continuation(text[i])) return {0, i, false};
      const auto byte = static_cast<unsigned char>(text[i]);
      if (i == 1 && (byte < low || byte > high)) return {0, 1, false};
      code_point = (code_point << 6U) | (byte & 0x3FU);
   }
   return {code_point, size, true};
}

bool is_presentable(char32_t code_point) noexcept {
   if (code_point == '\n') return true;
   if (code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F)) return false;  // C0, DEL, C1
   if (code_point == 0x2028 || code_point == 0x2029) return false;                     // line, paragraph separator
   return !((code_point >= 0x202A && code_point <= 0x202E) || (code_point >= 0x2066 && code_point <= 0x2069));
}

}  // namespace

bool is_valid_utf8(std::string_view text) noexcept {
   while (!text.empty()) {
      const Character character = next_character(text);
      if (!character.valid) return false;
      text.remove_prefix(character.size);
   }
   return true;
}

bool is_clean_text(std::string_view text) noexcept {
   while (!text.empty()) {
      const Character character = next_character(text);
      if (!character.valid || !is_presentable(character.code_point)) return false;
      text.remove_prefix(character.size);
   }
   return true;
}

std::string clean_text(std::string_view text, std::size_t max_bytes) {
   std::string clean;
   clean.reserve(std::min(text.size(), max_bytes));
   std::size_t cut = 0;  // where the ellipsis still fits
   while (!text.empty()) {
      const Character character = next_character(text);
      std::string_view piece = text.substr(0, character.size);
      if (!character.valid) {
         piece = kReplacement;
      } else if (!is_presentable(character.code_point)) {
         piece = " ";
      }
      if (clean.size() + piece.size() > max_bytes) {
         clean.resize(cut);
         if (max_bytes >= kEllipsis.size()) clean += kEllipsis;
         return clean;
      }
      clean += piece;
      if (clean.size() + kEllipsis.size() <= max_bytes) cut = clean.size();
      text.remove_prefix(character.size);
   }
   return clean;
}

std::string to_lower(std::string_view ascii) {
   std::string lower(ascii);
   std::transform(lower.begin(), lower.end(), lower.begin(),
                  [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
   return lower;
}

std::string_view trim(std::string_view text) noexcept {
   const std::size_t first = text.find_first_not_of(kWhiteSpace);
   if (first == std::string_view::npos) return {};
   return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

std::string in_quotes(std::string_view text) { return '"' + clean_text(text, 120) + '"'; }

}  // namespace msp::host
