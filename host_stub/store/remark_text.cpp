#include "store/remark_text.hpp"

#include <charconv>

namespace msp::console {

std::string to_text(const host::Remarks& remarks) {
   std::string text;
   for (const auto& [name, count] : host::remark_kinds()) {
      if (remarks.*count == 0) continue;
      if (!text.empty()) text += ' ';
      text.append(name).append(1, '=').append(std::to_string(remarks.*count));
   }
   return text;
}

host::Remarks remarks(std::string_view text) {
   host::Remarks remarks;
   for (const auto& [name, count] : host::remark_kinds()) {
      const std::string key = std::string(name) + '=';
      const auto at = text.find(key);
      if (at == std::string_view::npos || (at > 0 && text[at - 1] != ' ')) continue;
      const std::string_view number = text.substr(at + key.size());
      std::from_chars(number.data(), number.data() + number.size(), remarks.*count);
   }
   return remarks;
}

}  // namespace msp::console
