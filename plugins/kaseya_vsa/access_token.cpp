#include "access_token.hpp"

#include "msp/sdk/text.hpp"

namespace kaseya_vsa {
namespace {

bool is_guid(std::string_view text) noexcept {
   constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
   if (text.size() != kShape.size()) return false;
   for (std::size_t i = 0; i < text.size(); ++i) {
      const std::string_view allowed = kShape[i] == '-' ? "-" : "0123456789abcdefABCDEF";
      if (allowed.find(text[i]) == std::string_view::npos) return false;
   }
   return true;
}

// Web pages and documents hand out a no-break space, zero-width characters or a byte order mark along with a text.
std::string_view without_blanks(std::string_view text) noexcept {
   constexpr std::string_view kUnseen[] = {"\xC2\xA0",     "\xE2\x80\x8B", "\xE2\x80\x8C",
                                           "\xE2\x80\x8D", "\xE2\x81\xA0", "\xEF\xBB\xBF"};
   for (std::size_t before = text.size() + 1; text.size() < before;) {
      before = text.size();
      text = msp::sdk::trim(text);
      for (const std::string_view each : kUnseen) {
         if (text.substr(0, each.size()) == each) text.remove_prefix(each.size());
         if (text.size() >= each.size() && text.substr(text.size() - each.size()) == each)
            text.remove_suffix(each.size());
      }
   }
   return text;
}

}  // namespace

AccessToken read_access_token(std::string_view typed) noexcept {
   AccessToken token;
   token.text = without_blanks(typed);
   token.trimmed = token.text.size() != typed.size();
   if (token.text.size() > 2 && token.text.front() == '{' && token.text.back() == '}')
      if (const auto inner = token.text.substr(1, token.text.size() - 2); is_guid(inner)) token.text = inner;
   token.looks_right = is_guid(token.text);
   return token;
}

}  // namespace kaseya_vsa
