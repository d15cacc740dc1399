#include "redaction_needles.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace msp::host {
namespace {

std::string to_hex(std::string_view bytes, std::string_view digits) {
   std::string hex;
   hex.reserve(bytes.size() * 2);
   for (const char byte : bytes) {
      const auto value = static_cast<unsigned char>(byte);
      hex += digits[value >> 4];
      hex += digits[value & 15];
   }
   return hex;
}

// The characters of base64 that lie wholly within `bytes` when `before` bytes of something else precede them.
std::string base64_interior(std::string_view bytes, std::size_t before, std::string_view alphabet) {
   const std::size_t first = (before * 8 + 5) / 6;
   const std::size_t last = (before + bytes.size()) * 8 / 6;
   std::string text;
   text.reserve(last - first);
   for (std::size_t character = first; character < last; ++character) {
      unsigned value = 0;
      for (std::size_t bit = character * 6; bit < character * 6 + 6; ++bit) {
         const auto byte = static_cast<unsigned char>(bytes[bit / 8 - before]);
         value = value << 1 | ((byte >> (7 - bit % 8)) & 1U);
      }
      text += alphabet[value];
   }
   return text;
}

std::optional<unsigned> hex_value(std::string_view digits) {
   unsigned value = 0;
   for (const char digit : digits) {
      if (digit >= '0' && digit <= '9')
         value = value * 16 + static_cast<unsigned>(digit - '0');
      else if (digit >= 'a' && digit <= 'f')
         value = value * 16 + static_cast<unsigned>(digit - 'a' + 10);
      else if (digit >= 'A' && digit <= 'F')
         value = value * 16 + static_cast<unsigned>(digit - 'A' + 10);
      else
         return std::nullopt;
   }
   return value;
}

void append_utf8(std::string& out, unsigned code) {
   const auto byte = [&out](unsigned value) { out += static_cast<char>(value); };
   if (code < 0x80) {
      byte(code);
   } else if (code < 0x800) {
      byte(0xC0 | code >> 6);
      byte(0x80 | (code & 63));
   } else if (code < 0x10000) {
      byte(0xE0 | code >> 12);
      byte(0x80 | (code >> 6 & 63));
      byte(0x80 | (code & 63));
   } else {
      byte(0xF0 | code >> 18);
      byte(0x80 | (code >> 12 & 63));
      byte(0x80 | (code >> 6 & 63));
      byte(0x80 | (code & 63));
   }
}

// Reads "\uXXXX" at the start of `text`.
std::optional<unsigned> unicode_escape(std::string_view text) {
   if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
   return hex_value(text.substr(2, 4));
}

// One escape at the start of `text` into `out`. Returns how long it is, 0 when there is none.
std::size_t take_percent(std::string_view text, std::string& out) {
   if (text.size() < 3 || text[0] != '%') return 0;
   const auto value = hex_value(text.substr(1, 2));
   if (!value) return 0;
   out += static_cast<char>(*value);
   return 3;
}

std::size_t take_json(std::string_view text, std::string& out) {
   if (text.size() < 2 || text[0] != '\\') return 0;
   static constexpr std::string_view kNames = "\"\\/bfnrt";
   static constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
   if (const auto at = kNames.find(text[1]); at != std::string_view::npos) {
      out += kValues[at];
      return 2;
   }
   const auto high = unicode_escape(text);
   if (!high) return 0;
   if (*high >= 0xD800 && *high < 0xDC00) {
      const auto low = unicode_escape(text.substr(6));
      if (low && *low >= 0xDC00 && *low < 0xE000) {
         append_utf8(out, 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00));
         return 12;
      }
   }
   append_utf8(out, *high);
   return 6;
}

template <class Take>
DecodedText decode(std::string_view text, Take take) {
   DecodedText decoded;
   decoded.bytes.reserve(text.size());
   decoded.origin.reserve(text.size() + 1);
   for (std::size_t at = 0; at < text.size();) {
      std::size_t length = take(text.substr(at), decoded.bytes);
      if (length == 0) {
         decoded.bytes += text[at];
         length = 1;
      }
      decoded.origin.resize(decoded.bytes.size(), at);
      at += length;
   }
   decoded.origin.push_back(text.size());
   return decoded;
}

}  // namespace

std::vector<SecretBytes> needles_of(std::string_view secret) {
   static constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
   static constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
   std::vector<SecretBytes> needles;
   const auto add = [&needles](std::string shape) {
      const auto same = [&shape](const SecretBytes& known) { return known.view() == shape; };
      if (std::none_of(needles.begin(), needles.end(), same))
         needles.push_back(SecretBytes::take(shape));
      else
         wipe(shape);
   };
   add(std::string(secret));
   // A form writes a space as "+"; everything else of its encoding is taken off by percent_decode.
   std::string form(secret);
   std::replace(form.begin(), form.end(), ' ', '+');
   add(std::move(form));
   add(to_hex(secret, "0123456789abcdef"));
   add(to_hex(secret, "0123456789ABCDEF"));
   for (const std::size_t before : {0U, 1U, 2U}) {
      add(base64_interior(secret, before, kStandard));
      add(base64_interior(secret, before, kUrl));
   }
   return needles;
}

DecodedText percent_decode(std::string_view text) { return decode(text, take_percent); }
DecodedText json_unescape(std::string_view text) { return decode(text, take_json); }

}  // namespace msp::host
