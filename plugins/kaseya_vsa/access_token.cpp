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

}  // namespace

AccessToken read_access_token(std::string_view typed) noexcept {
   AccessToken token;
   token.text = msp::sdk::trim_unseen(typed);
   token.trimmed = token.text.size() != typed.size();
   if (token.text.size() > 2 && token.text.front() == '{' && token.text.back() == '}')
      if (const auto inner = token.text.substr(1, token.text.size() - 2); is_guid(inner)) token.text = inner;
   token.looks_right = is_guid(token.text);
   return token;
}

}  // namespace kaseya_vsa
