// msp/sdk/url.hpp - the parts of an https address, as people type it and as platforms answer it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "msp/sdk/text.hpp"

namespace msp::sdk {

// "https://vsa.example.com:8443/api/v1.0?x=1": only https exists here, so the scheme is not among the parts.
struct Url {
   static constexpr std::uint16_t kHttps = 443;

   std::string host;  // lower case, without the dot that ends a complete name; an IPv6 address has its brackets
   std::uint16_t port = kHttps;
   std::string path;   // begins with "/", or is empty
   std::string query;  // without "?"

   // "vsa.example.com" or "vsa.example.com:8443": the port only where it is not the usual one.
   [[nodiscard]] std::string authority() const { return port == kHttps ? host : host + ':' + std::to_string(port); }
   // "https://vsa.example.com:8443", to which a path can be added.
   [[nodiscard]] std::string origin() const { return "https://" + authority(); }
};

// Reads an address. The scheme may be missing, as people leave it out; any but https makes it no address. Nothing when
// there is a user name in it, a blank, a backslash, a control character or no host: what one reader takes for the host,
// another might not. A fragment is dropped. The path is left as it is, with its escapes. [any-thread]
inline std::optional<Url> parse_url(std::string_view text) {
   constexpr std::string_view kScheme = "https://";
   text = trim(text);
   if (has_control_character(text) || text.find_first_of(" \\") != std::string_view::npos) return std::nullopt;
   if (text.find("://") < text.find_first_of("/?#")) {
      if (!equal_ignoring_case(text.substr(0, kScheme.size()), kScheme)) return std::nullopt;
      text.remove_prefix(kScheme.size());
   }
   text = text.substr(0, text.find('#'));
   const std::string_view authority = text.substr(0, text.find_first_of("/?"));
   const std::string_view rest = text.substr(authority.size());
   if (authority.find('@') != std::string_view::npos) return std::nullopt;

   Url url;
   // The colons of an IPv6 address stand in brackets.
   const bool bracketed = authority.substr(0, 1) == "[";
   const std::size_t bracket = bracketed ? authority.find(']') : 0;
   if (bracket == std::string_view::npos) return std::nullopt;
   const std::size_t colon = authority.find(':', bracket);
   if (bracketed && bracket + 1 != (colon == std::string_view::npos ? authority.size() : colon)) return std::nullopt;
   std::string_view host = authority.substr(0, colon);
   if (!host.empty() && host.back() == '.') host.remove_suffix(1);
   if (host.empty() || host.front() == '.' || host.back() == '.') return std::nullopt;
   url.host = to_lower(host);

   const std::string_view port = colon == std::string_view::npos ? "" : authority.substr(colon + 1);
   if (port.size() > 5 || !is_digits(port)) return std::nullopt;
   std::uint32_t number = 0;
   for (const char digit : port) number = number * 10 + static_cast<std::uint32_t>(digit - '0');
   if (!port.empty()) {
      if (number == 0 || number > 65'535) return std::nullopt;
      url.port = static_cast<std::uint16_t>(number);
   }

   const std::size_t question = rest.find('?');
   url.path = rest.substr(0, question);
   if (question != std::string_view::npos) url.query = rest.substr(question + 1);
   return url;
}

}  // namespace msp::sdk
