#include "base/text.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

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

// Format characters, fillers, joiners, selectors and tags: Unicode's Default_Ignorable_Code_Point and its interlinear
// marks. They show nothing, so with them two texts look the same.
bool is_unseen(char32_t code_point) noexcept {
   static constexpr std::pair<char32_t, char32_t> kUnseen[] = {
       {0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x061C, 0x061C},   {0x115F, 0x1160},   {0x17B4, 0x17B5},  {0x180B, 0x180F},
       {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x206F},   {0x3164, 0x3164},   {0xFE00, 0xFE0F},  {0xFEFF, 0xFEFF},
       {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};
   if (code_point < 0xAD) return false;
   return std::ranges::any_of(
       kUnseen, [=](const auto& range) { return code_point >= range.first && code_point <= range.second; });
}

// Controls, separators of lines, and what turns the direction of reading.
bool is_control(char32_t code_point) noexcept {
   if (code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F)) return true;  // C0, DEL, C1
   if (code_point == 0x2028 || code_point == 0x2029) return true;                     // line, paragraph separator
   return (code_point >= 0x202A && code_point <= 0x202E) || (code_point >= 0x2066 && code_point <= 0x2069);
}

// Persian and Hindi words and emoji are written with joiners and variation selectors. Beside ASCII they do nothing.
bool is_part_of_writing(char32_t code_point, char32_t before, std::string_view after) noexcept {
   const auto writes = [](char32_t other) { return other >= 0x80 && !is_control(other); };
   const bool selects = code_point >= 0xFE00 && code_point <= 0xFE0F;
   const bool joins = code_point == 0x200C || code_point == 0x200D;
   const bool follows_selector =
       before >= 0xFE00 && before <= 0xFE0F;  // a heart on fire: heart, selector, joiner, fire
   if (!writes(before) || (is_unseen(before) && !(joins && follows_selector))) return false;
   if (selects) return true;
   if (!joins || after.empty()) return false;
   const Character next = next_character(after);
   return next.valid && writes(next.code_point) && !is_unseen(next.code_point);
}

enum class Look { as_it_is, gap, nothing };

Look look_of(char32_t code_point, char32_t before, std::string_view after) noexcept {
   if (code_point == '\n') return Look::as_it_is;
   if (is_control(code_point)) return Look::gap;
   if (!is_unseen(code_point) || is_part_of_writing(code_point, before, after)) return Look::as_it_is;
   return Look::nothing;
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
   char32_t before = 0;
   while (!text.empty()) {
      const Character character = next_character(text);
      text.remove_prefix(character.size);
      if (!character.valid || look_of(character.code_point, before, text) != Look::as_it_is) return false;
      before = character.code_point;
   }
   return true;
}

std::string clean_text(std::string_view text, std::size_t max_bytes) {
   std::string clean;
   clean.reserve(std::min(text.size(), max_bytes));
   std::size_t cut = 0;  // where the ellipsis still fits
   char32_t before = 0;
   while (!text.empty()) {
      const Character character = next_character(text);
      std::string_view piece = text.substr(0, character.size);
      text.remove_prefix(character.size);
      const Look look = character.valid ? look_of(character.code_point, before, text) : Look::as_it_is;
      if (look == Look::nothing) continue;
      before = character.valid ? character.code_point : 0;
      if (!character.valid) piece = kReplacement;
      if (look == Look::gap) piece = " ";
      if (clean.size() + piece.size() > max_bytes) {
         clean.resize(cut);
         if (max_bytes >= kEllipsis.size()) clean += kEllipsis;
         return clean;
      }
      clean += piece;
      if (clean.size() + kEllipsis.size() <= max_bytes) cut = clean.size();
   }
   return clean;
}

std::string escape_unseen(std::string_view json) {
   std::string escaped;
   escaped.reserve(json.size());
   const auto escape = [&escaped](char32_t unit) {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      escaped += "\\u";
      for (const unsigned shift : {12U, 8U, 4U, 0U}) escaped += kDigits[unit >> shift & 0xFU];
   };
   while (!json.empty()) {
      const Character character = next_character(json);
      const char32_t code_point = character.code_point;
      const bool shows = code_point < 0x7F || !(is_control(code_point) || is_unseen(code_point));
      if (!character.valid || shows) {
         escaped += json.substr(0, character.size);
      } else if (code_point < 0x10000) {
         escape(code_point);
      } else {
         escape(0xD800 + ((code_point - 0x10000) >> 10U));
         escape(0xDC00 + ((code_point - 0x10000) & 0x3FFU));
      }
      json.remove_prefix(character.size);
   }
   return escaped;
}

bool mixes_alphabets(std::string_view text) noexcept {
   const auto within = [](char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; };
   bool latin = false;
   bool other = false;
   while (!text.empty()) {
      const char32_t c = next_character(text).code_point;
      text.remove_prefix(next_character(text).size);
      const bool ascii_letter = within(c, 'A', 'Z') || within(c, 'a', 'z');
      if (c < 0x80 && !ascii_letter && !within(c, '0', '9')) latin = other = false;  // the next word
      latin = latin || ascii_letter || within(c, 0xC0, 0x24F) || within(c, 0x1E00, 0x1EFF) || within(c, 0xFF21, 0xFF5A);
      other = other || within(c, 0x370, 0x52F) || within(c, 0x1C80, 0x1C8F) || within(c, 0x1F00, 0x1FFF) ||
              within(c, 0x2DE0, 0x2DFF) || within(c, 0xA640, 0xA69F);
      if (latin && other) return true;
   }
   return false;
}

std::string_view trim(std::string_view text) noexcept {
   const std::size_t first = text.find_first_not_of(kWhiteSpace);
   if (first == std::string_view::npos) return {};
   return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

std::string_view bounded(const char* text) noexcept {
   return text == nullptr ? std::string_view() : std::string_view(text, strnlen(text, kMostRead));
}

const char* or_null(const std::string& text) noexcept { return text.empty() ? nullptr : text.c_str(); }

std::string in_quotes(std::string_view text) { return '"' + clean_text(text, 120) + '"'; }

}  // namespace msp::host
