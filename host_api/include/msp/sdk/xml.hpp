// msp/sdk/xml.hpp - one value out of a platform's XML, as SOAP answers it. For what is written, see xml_escape in
// encoding.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "msp/sdk/text.hpp"

namespace msp::sdk {

namespace detail {

inline void append_utf8(std::string& text, std::uint32_t code) {
   const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
   const auto add_last = [&](unsigned shift) { add(0x80U | (code >> shift & 0x3FU)); };
   if (code < 0x80) return add(code);
   if (code < 0x800) return add(0xC0U | code >> 6U), add_last(0);
   if (code < 0x10000) return add(0xE0U | code >> 12U), add_last(6), add_last(0);
   add(0xF0U | code >> 18U), add_last(12), add_last(6), add_last(0);
}

// What stands between '&' and ';'.
inline bool append_entity(std::string& text, std::string_view name) {
   constexpr std::string_view kNames[] = {"amp", "lt", "gt", "quot", "apos"};
   constexpr char kMeanings[] = "&<>\"'";
   for (std::size_t i = 0; i < 5; ++i)
      if (name == kNames[i]) return text += kMeanings[i], true;
   const bool in_hex = name.substr(0, 2) == "#x";
   const std::string_view digits = name.substr(name.empty() ? 0 : in_hex ? 2 : 1);
   if (name.substr(0, 1) != "#" || digits.empty() || digits.size() > 7) return false;
   std::uint32_t code = 0;
   for (const char c : digits) {
      const std::size_t value = std::string_view("0123456789abcdef").find(to_lower(c));
      if (value >= (in_hex ? 16U : 10U)) return false;
      code = code * (in_hex ? 16U : 10U) + static_cast<std::uint32_t>(value);
   }
   if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
   append_utf8(text, code);
   return true;
}

}  // namespace detail

// The text of the first element of that name, whatever its prefix: xml_text(body, "SessionID"). Nothing when there is
// none, when it holds further elements, or when the text is not to be trusted: an own definition of what entities mean,
// an entity that XML does not know. What is returned is as secret as it was. [any-thread]
inline std::optional<std::string> xml_text(std::string_view xml, std::string_view element) {
   constexpr auto kNone = std::string_view::npos;
   const auto skip_past = [&](std::string_view end) {
      const std::size_t at = xml.find(end);
      xml.remove_prefix(at == kNone ? xml.size() : at + end.size());
   };
   for (std::size_t open = 0; (open = xml.find('<')) != kNone;) {
      xml.remove_prefix(open);
      if (xml.substr(0, 4) == "<!--") {
         skip_past("-->");
         continue;
      }
      if (xml.substr(0, 9) == "<![CDATA[") {
         skip_past("]]>");
         continue;
      }
      if (xml.substr(0, 2) == "<!") return std::nullopt;
      const std::string_view name = xml.substr(1, xml.find_first_of(" \t\r\n/>", 1) - 1);
      // The tag ends at a '>' that is in no attribute's value.
      std::size_t end = 1;
      for (char quote = 0; end < xml.size() && (quote != 0 || xml[end] != '>'); ++end)
         if (xml[end] == quote)
            quote = 0;
         else if (quote == 0 && (xml[end] == '"' || xml[end] == '\''))
            quote = xml[end];
      if (end == xml.size()) return std::nullopt;
      const bool is_empty = xml[end - 1] == '/';
      xml.remove_prefix(end + 1);
      if (name.substr(name.find(':') + 1) != element) continue;
      if (is_empty) return std::string();
      std::string_view content = xml.substr(0, xml.find('<'));
      xml.remove_prefix(content.size());
      if (xml.substr(0, 2) != "</" || xml.substr(2, xml.find_first_of(" \t\r\n>", 2) - 2) != name) return std::nullopt;
      std::string text;
      text.reserve(content.size());
      while (!content.empty()) {
         const std::string_view plain = content.substr(0, content.find('&'));
         text += plain;
         content.remove_prefix(plain.size());
         if (content.empty()) break;
         const std::size_t semicolon = content.find(';');
         if (semicolon == kNone || !detail::append_entity(text, content.substr(1, semicolon - 1))) return std::nullopt;
         content.remove_prefix(semicolon + 1);
      }
      return text;
   }
   return std::nullopt;
}

}  // namespace msp::sdk
