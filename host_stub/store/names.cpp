#include "store/names.hpp"

#include <utf8proc.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

namespace msp::console {
namespace {

constexpr utf8proc_int32_t kNoText = -1;

struct Letter {
   utf8proc_int32_t code = kNoText;  // kNoText: a byte that is no text
   std::string_view bytes;
};

std::vector<Letter> letters_of(std::string_view text) {
   std::vector<Letter> letters;
   while (!text.empty()) {
      Letter letter;
      const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                         static_cast<utf8proc_ssize_t>(text.size()), &letter.code);
      if (size <= 0) letter.code = kNoText;
      letter.bytes = text.substr(0, size <= 0 ? 1 : static_cast<std::size_t>(size));
      letters.push_back(letter);
      text.remove_prefix(letter.bytes.size());
   }
   return letters;
}

bool is_blank(utf8proc_int32_t code) {
   if ((code >= 0x09 && code <= 0x0D) || code == 0x85) return true;
   const auto category = utf8proc_category(code);
   return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

bool is_invisible(utf8proc_int32_t code) {
   constexpr utf8proc_int32_t kBrailleBlank = 0x2800;
   if (code == kNoText) return false;
   const auto* property = utf8proc_get_property(code);
   // A few format characters are seen: they enclose the digits that follow, as the Arabic number sign does.
   const bool format =
       property->category == UTF8PROC_CATEGORY_CF && property->boundclass != UTF8PROC_BOUNDCLASS_PREPEND;
   return property->ignorable != 0 || format || code == kBrailleBlank;
}

bool is_joiner(utf8proc_int32_t code) { return code == 0x200C || code == 0x200D; }

bool is_variation_selector(utf8proc_int32_t code) { return code >= 0xFE00 && code <= 0xFE0F; }

// Persian and Hindi words and emoji are written with joiners and variation selectors. Between ASCII letters they do
// nothing.
bool is_part_of_writing(const std::vector<Letter>& letters, std::size_t at) {
   const auto writes = [&](std::size_t place) { return letters[place].code >= 0x80; };
   if (at == 0 || !writes(at - 1)) return false;
   if (is_variation_selector(letters[at].code)) return !is_invisible(letters[at - 1].code);
   return is_joiner(letters[at].code) && at + 1 < letters.size() && writes(at + 1) &&
          !is_joiner(letters[at - 1].code) && !is_invisible(letters[at + 1].code);
}

}  // namespace

std::string tidy_name(std::string_view name) {
   std::string tidy;
   bool blank = false;
   for (const Letter& letter : letters_of(name)) {
      if (letter.code != kNoText && is_blank(letter.code)) {
         blank = true;
         continue;
      }
      if (blank && !tidy.empty()) tidy += ' ';
      blank = false;
      tidy += letter.bytes;
   }
   return tidy;
}

bool has_visible(std::string_view name) {
   for (const Letter& letter : letters_of(name)) {
      if (letter.code == kNoText || (!is_blank(letter.code) && !is_invisible(letter.code))) return true;
   }
   return false;
}

bool has_invisible(std::string_view name) {
   const std::vector<Letter> letters = letters_of(name);
   for (std::size_t at = 0; at < letters.size(); ++at) {
      if (is_invisible(letters[at].code) && !is_part_of_writing(letters, at)) return true;
   }
   return false;
}

std::string name_key(std::string_view name) {
   const std::string tidy = tidy_name(name);
   const std::unique_ptr<utf8proc_uint8_t, void (*)(void*)> folded(
       utf8proc_NFKC_Casefold(reinterpret_cast<const utf8proc_uint8_t*>(tidy.c_str())), std::free);
   // Bytes that are no text cannot be folded. They are compared as they are.
   return folded ? reinterpret_cast<const char*>(folded.get()) : tidy;
}

std::string name_key_version() { return utf8proc_unicode_version(); }

std::string default_name(std::string_view platform_name) { return "Integration with " + std::string(platform_name); }

}  // namespace msp::console
