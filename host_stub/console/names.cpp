#include "names.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace msp::console {
namespace {

// Capitals whose small letter lies `offset` further on; `step` 2 where capitals and small letters alternate.
struct FoldRange {
   char32_t first;
   char32_t last;
   char32_t offset;
   char32_t step;
};

constexpr std::array kFoldRanges = {
    FoldRange{U'A', U'Z', 32, 1},     FoldRange{0x00C0, 0x00D6, 32, 1}, FoldRange{0x00D8, 0x00DE, 32, 1},
    FoldRange{0x0100, 0x012E, 1, 2},  FoldRange{0x0132, 0x0136, 1, 2},  FoldRange{0x0139, 0x0147, 1, 2},
    FoldRange{0x014A, 0x0176, 1, 2},  FoldRange{0x0179, 0x017D, 1, 2},  FoldRange{0x0391, 0x03A1, 32, 1},
    FoldRange{0x03A3, 0x03AB, 32, 1}, FoldRange{0x0400, 0x040F, 80, 1}, FoldRange{0x0410, 0x042F, 32, 1},
    FoldRange{0x0460, 0x0480, 1, 2},  FoldRange{0x048A, 0x04BE, 1, 2},  FoldRange{0x04D0, 0x052E, 1, 2},
    FoldRange{0x0531, 0x0556, 48, 1}, FoldRange{0x1E00, 0x1E94, 1, 2},  FoldRange{0x1EA0, 0x1EFE, 1, 2},
};

char32_t fold(char32_t letter) {
   for (const FoldRange& range : kFoldRanges) {
      if (letter >= range.first && letter <= range.last && (letter - range.first) % range.step == 0) {
         return letter + range.offset;
      }
   }
   return letter;
}

void append_utf8(std::string& text, char32_t letter) {
   // The folded ranges lie below U+2000: two or three bytes are all that is needed.
   if (letter < 0x80) {
      text += static_cast<char>(letter);
   } else if (letter < 0x800) {
      text += static_cast<char>(0xC0 | (letter >> 6));
      text += static_cast<char>(0x80 | (letter & 0x3F));
   } else {
      text += static_cast<char>(0xE0 | (letter >> 12));
      text += static_cast<char>(0x80 | ((letter >> 6) & 0x3F));
      text += static_cast<char>(0x80 | (letter & 0x3F));
   }
}

constexpr char32_t kNoLetter = 0xFFFFFFFF;

struct Letter {
   char32_t code = kNoLetter;  // kNoLetter: a byte that is no text
   std::size_t size = 1;       // in bytes
};

// REQUIRES: text is not empty.
Letter first_letter(std::string_view text) {
   const auto lead = static_cast<std::uint8_t>(text[0]);
   if (lead < 0x80) return {lead, 1};
   const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
   if (lead < 0xC0 || lead >= 0xF8 || size > text.size()) return {};
   char32_t code = lead & (0x7FU >> size);
   for (const char byte : text.substr(1, size - 1)) {
      if ((static_cast<std::uint8_t>(byte) & 0xC0) != 0x80) return {};
      code = (code << 6) | (static_cast<std::uint8_t>(byte) & 0x3F);
   }
   return {code, size};
}

template <class Function>
void for_each_letter(std::string_view text, Function function) {
   while (!text.empty()) {
      const Letter letter = first_letter(text);
      function(letter.code, text.substr(0, letter.size));
      text.remove_prefix(letter.size);
   }
}

struct CodeRange {
   char32_t first;
   char32_t last;
};

// Unicode's property White_Space.
constexpr std::array kBlanks = {
    CodeRange{0x09, 0x0D},     CodeRange{0x20, 0x20},     CodeRange{0x85, 0x85},     CodeRange{0xA0, 0xA0},
    CodeRange{0x1680, 0x1680}, CodeRange{0x2000, 0x200A}, CodeRange{0x2028, 0x2029}, CodeRange{0x202F, 0x202F},
    CodeRange{0x205F, 0x205F}, CodeRange{0x3000, 0x3000},
};

// Unicode's property Default_Ignorable_Code_Point, the format characters beside it, and the blank braille pattern.
constexpr std::array kInvisible = {
    CodeRange{0x00AD, 0x00AD},   CodeRange{0x034F, 0x034F},   CodeRange{0x061C, 0x061C}, CodeRange{0x115F, 0x1160},
    CodeRange{0x17B4, 0x17B5},   CodeRange{0x180B, 0x180F},   CodeRange{0x200B, 0x200F}, CodeRange{0x202A, 0x202E},
    CodeRange{0x2060, 0x206F},   CodeRange{0x2800, 0x2800},   CodeRange{0x3164, 0x3164}, CodeRange{0xFE00, 0xFE0F},
    CodeRange{0xFEFF, 0xFEFF},   CodeRange{0xFFA0, 0xFFA0},   CodeRange{0xFFF0, 0xFFFB}, CodeRange{0x1BCA0, 0x1BCA3},
    CodeRange{0x1D173, 0x1D17A}, CodeRange{0xE0000, 0xE0FFF},
};

template <std::size_t Size>
bool is_in(const std::array<CodeRange, Size>& ranges, char32_t code) {
   return std::ranges::any_of(ranges,
                              [code](const CodeRange& range) { return code >= range.first && code <= range.last; });
}

}  // namespace

std::string tidy_name(std::string_view name) {
   std::string tidy;
   bool blank = false;
   for_each_letter(name, [&](char32_t code, std::string_view bytes) {
      if (is_in(kBlanks, code)) {
         blank = true;
         return;
      }
      if (blank && !tidy.empty()) tidy += ' ';
      blank = false;
      tidy += bytes;
   });
   return tidy;
}

bool has_visible(std::string_view name) {
   bool found = false;
   for_each_letter(name, [&](char32_t code, std::string_view) {
      found = found || (!is_in(kBlanks, code) && !is_in(kInvisible, code));
   });
   return found;
}

bool has_invisible(std::string_view name) {
   bool found = false;
   for_each_letter(name, [&](char32_t code, std::string_view) { found = found || is_in(kInvisible, code); });
   return found;
}

std::string name_key(std::string_view name) {
   std::string key;
   for_each_letter(tidy_name(name), [&](char32_t code, std::string_view bytes) {
      const char32_t folded = fold(code);
      if (folded == code) {
         key += bytes;
      } else {
         append_utf8(key, folded);
      }
   });
   return key;
}

std::string default_name(std::string_view platform_name) { return "Integration with " + std::string(platform_name); }

}  // namespace msp::console
