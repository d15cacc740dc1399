#include "names.hpp"

#include <array>
#include <cstdint>

#include "msp/host/text.hpp"

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

}  // namespace

std::string tidy_name(std::string_view name) {
   std::string tidy;
   for (const char letter : host::trim(name)) {
      const bool blank = letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
      if (!blank) {
         tidy += letter;
      } else if (tidy.back() != ' ') {
         tidy += ' ';
      }
   }
   return tidy;
}

std::string name_key(std::string_view name) {
   const std::string tidy = tidy_name(name);
   std::string key;
   key.reserve(tidy.size());
   for (std::size_t i = 0; i < tidy.size();) {
      const auto at = [&](std::size_t offset) {
         return i + offset < tidy.size() ? static_cast<char32_t>(static_cast<std::uint8_t>(tidy[i + offset])) : 0;
      };
      const char32_t lead = at(0);
      if (lead < 0x80) {
         append_utf8(key, fold(lead));
         i += 1;
      } else if ((lead & 0xE0) == 0xC0 && (at(1) & 0xC0) == 0x80) {
         append_utf8(key, fold(((lead & 0x1F) << 6) | (at(1) & 0x3F)));
         i += 2;
      } else if ((lead & 0xF0) == 0xE0 && (at(1) & 0xC0) == 0x80 && (at(2) & 0xC0) == 0x80) {
         append_utf8(key, fold(((lead & 0x0F) << 12) | ((at(1) & 0x3F) << 6) | (at(2) & 0x3F)));
         i += 3;
      } else {
         key += tidy[i++];
      }
   }
   return key;
}

std::string default_name(std::string_view platform_name) { return "Integration with " + std::string(platform_name); }

}  // namespace msp::console
