#include "cli/columns.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace msp::console {
namespace {

constexpr std::size_t kWidestSign = 2;
constexpr utf8proc_int32_t kNoText = 0xFFFD;         // a terminal shows this sign for a byte that is no text
constexpr utf8proc_int32_t kAsEmoji = 0xFE0F;        // asks for the wide, coloured form of the sign before it
constexpr std::string_view kColourBegins = "\033[";  // and ends in an "m"

utf8proc_int32_t take_letter(std::string_view& text) noexcept {
   utf8proc_int32_t code = 0;
   const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                      static_cast<utf8proc_ssize_t>(text.size()), &code);
   text.remove_prefix(size > 0 ? static_cast<std::size_t>(size) : 1);
   return size > 0 ? code : kNoText;
}

void skip_colours(std::string_view& text) noexcept {
   while (text.starts_with(kColourBegins)) text.remove_prefix(std::min(text.find('m'), text.size() - 1) + 1);
}

}  // namespace

std::size_t columns(std::string_view text) noexcept {
   std::size_t before = 0;  // the columns of all signs but the last
   std::size_t last = 0;
   utf8proc_int32_t previous = 0;
   utf8proc_int32_t state = 0;
   for (skip_colours(text); !text.empty(); skip_colours(text)) {
      const utf8proc_int32_t code = take_letter(text);
      if (utf8proc_grapheme_break_stateful(previous, code, &state)) {
         before += last;
         last = 0;
      }
      const std::size_t width =
          code == kAsEmoji && last > 0 ? kWidestSign : static_cast<std::size_t>(utf8proc_charwidth(code));
      last = std::min(last + width, kWidestSign);
      previous = code;
   }
   return before + last;
}

}  // namespace msp::console
