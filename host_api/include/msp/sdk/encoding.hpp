// msp/sdk/encoding.hpp - base64 both ways and both alphabets, PEM, forms, JSON, XML: what sign-ins are written in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "msp/sdk/secret.hpp"
#include "msp/sdk/text.hpp"

namespace msp::sdk {

// All of it is independent of the locale. What is made of a secret is as secret as it was: see Secret::take. Memory is
// reserved beforehand, so no half of a secret is left behind. [any-thread]

// RFC 4648 section 5: the alphabet for URLs, without padding, as JWT and PKCE want it.
inline std::string base64url(std::string_view bytes) {
   std::string encoded = base64(bytes);
   while (!encoded.empty() && encoded.back() == '=') encoded.pop_back();
   for (char& c : encoded) {
      if (c == '+') c = '-';
      if (c == '/') c = '_';
   }
   return encoded;
}

// Either alphabet, with its padding or without any. Nothing for any other text: white space, half an ending, bits that
// the last character has and no byte needs.
inline std::optional<std::string> base64_decode(std::string_view text) {
   const auto value_of = [](char c) -> int {
      if (c >= 'A' && c <= 'Z') return c - 'A';
      if (c >= 'a' && c <= 'z') return c - 'a' + 26;
      if (c >= '0' && c <= '9') return c - '0' + 52;
      if (c == '+' || c == '-') return 62;
      if (c == '/' || c == '_') return 63;
      return -1;
   };
   if (const std::size_t padding = text.find('='); padding != std::string_view::npos) {
      if (text.size() % 4 != 0 || text.size() - padding > 2) return std::nullopt;
      if (text.substr(padding).find_first_not_of('=') != std::string_view::npos) return std::nullopt;
      text = text.substr(0, padding);
   }
   if (text.size() % 4 == 1) return std::nullopt;
   std::string bytes;
   bytes.reserve(text.size() / 4 * 3 + 2);
   std::uint32_t bits = 0;
   int count = 0;
   for (const char c : text) {
      const int value = value_of(c);
      if (value < 0) {
         wipe(bytes);
         return std::nullopt;
      }
      bits = bits << 6U | static_cast<std::uint32_t>(value);
      count += 6;
      if (count < 8) continue;
      count -= 8;
      bytes += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
      bits &= (1U << static_cast<unsigned>(count)) - 1U;
   }
   if (bits != 0) {
      wipe(bytes);
      return std::nullopt;
   }
   return bytes;
}

// RFC 7468: the bytes between the first "-----BEGIN ...-----" and the "-----END" after it, however the lines of base64
// are broken or indented. Nothing where there is no such block, nothing in it, or anything but base64.
inline std::optional<Secret> pem_decode(std::string_view text) {
   constexpr std::string_view kBegin = "-----BEGIN ";
   constexpr std::string_view kDashes = "-----";
   const std::size_t begin = text.find(kBegin);
   if (begin == std::string_view::npos) return std::nullopt;
   const std::size_t label_end = text.find(kDashes, begin + kBegin.size());
   if (label_end == std::string_view::npos) return std::nullopt;
   text.remove_prefix(label_end + kDashes.size());
   const std::size_t end = text.find("-----END ");
   if (end == std::string_view::npos) return std::nullopt;
   std::string encoded;
   encoded.reserve(end);
   for (const char c : text.substr(0, end))
      if (c != '\n' && c != '\r' && c != '\t' && c != ' ') encoded += c;
   const Secret base64_text = Secret::take(std::move(encoded));
   std::optional<std::string> bytes = base64_decode(base64_text.view());
   if (!bytes || bytes->empty()) return std::nullopt;
   return Secret::take(std::move(*bytes));
}

// The body of a POST with "Content-Type: application/x-www-form-urlencoded": form({{"grant_type", "password"}, ...}).
// A blank becomes %20, which every server reads; a plus would do for some only.
inline Secret form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
   std::size_t size = 0;
   for (const auto& [name, value] : fields) size += 3 * (name.size() + value.size()) + 2;
   std::string body;
   body.reserve(size);
   for (const auto& [name, value] : fields) {
      if (!body.empty()) body += '&';
      body += percent_encode(name);
      body += '=';
      Secret encoded = Secret::take(percent_encode(value));
      body += encoded.view();
   }
   return Secret::take(std::move(body));
}

// The text behind a name or value of a form or a query. An escape that is none stays as it stands.
inline Secret form_decode(std::string_view text) {
   const auto digit = [](char c) {
      return c >= '0' && c <= '9'   ? c - '0'
             : c >= 'a' && c <= 'f' ? c - 'a' + 10
             : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                    : -1;
   };
   std::string decoded;
   decoded.reserve(text.size());
   for (std::size_t i = 0; i < text.size(); ++i) {
      const bool escape = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
      if (escape)
         decoded += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      else
         decoded += text[i] == '+' ? ' ' : text[i];
      if (escape) i += 2;
   }
   return Secret::take(std::move(decoded));
}

// The pairs of a form or a query, decoded, in their order.
inline std::vector<std::pair<std::string, std::string>> form_pairs(std::string_view text) {
   std::vector<std::pair<std::string, std::string>> pairs;
   while (!text.empty()) {
      const std::string_view pair = text.substr(0, text.find('&'));
      text.remove_prefix(pair.size() == text.size() ? pair.size() : pair.size() + 1);
      const std::size_t equals = pair.find('=');
      const std::string_view value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
      if (!pair.empty()) pairs.emplace_back(form_decode(pair.substr(0, equals)).view(), form_decode(value).view());
   }
   return pairs;
}

// A string of JSON, quotes included: R"({"password":)" + json_string(password) + "}". What is no UTF-8 stays as it is.
inline std::string json_string(std::string_view text) {
   std::string quoted;
   quoted.reserve(6 * text.size() + 2);
   quoted += '"';
   for (const char c : text) {
      if (static_cast<unsigned char>(c) < 0x20) {
         const auto byte = static_cast<std::uint8_t>(c);
         quoted += "\\u00" + hex(&byte, 1);
         continue;
      }
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
   }
   return quoted += '"';
}

// For text and attributes of XML, as SOAP needs it. Control characters that XML 1.0 cannot hold are left out.
inline std::string xml_escape(std::string_view text) {
   std::string escaped;
   escaped.reserve(6 * text.size());
   for (const char c : text) {
      switch (c) {
         case '&':
            escaped += "&amp;";
            break;
         case '<':
            escaped += "&lt;";
            break;
         case '>':
            escaped += "&gt;";
            break;
         case '"':
            escaped += "&quot;";
            break;
         case '\'':
            escaped += "&apos;";
            break;
         default:
            if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r') escaped += c;
      }
   }
   return escaped;
}

}  // namespace msp::sdk
