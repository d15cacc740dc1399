// percent.hpp - the names of plugins in an address.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace msp::console {

// Nothing when it is no percent-encoding.
inline std::optional<std::string> percent_decoded(std::string_view text) {
   const auto digit = [](char character) {
      if (character >= '0' && character <= '9') return character - '0';
      const int lower = character | 0x20;
      return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
   };
   std::string decoded;
   for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] != '%') {
         decoded += text[at];
         continue;
      }
      if (text.size() - at < 3) return {};
      const int high = digit(text[at + 1]);
      const int low = digit(text[at + 2]);
      if (high < 0 || low < 0) return {};
      decoded += static_cast<char>(high * 16 + low);
      at += 2;
   }
   return decoded;
}

}  // namespace msp::console
