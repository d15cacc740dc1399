#include "net/request_path.hpp"

#include <algorithm>

#include "msp/host/text.hpp"
#include "net/url.hpp"

namespace msp::host {
namespace {

constexpr std::string_view kRelative = "; write it relative to the platform's base address, without a slash in front";

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7f; }

int digit(char c) {
   if (c >= '0' && c <= '9') return c - '0';
   if (c >= 'a' && c <= 'f') return c - 'a' + 10;
   if (c >= 'A' && c <= 'F') return c - 'A' + 10;
   return -1;
}

bool is_escape(std::string_view text, std::size_t at) {
   return at + 2 < text.size() && text[at] == '%' && digit(text[at + 1]) >= 0 && digit(text[at + 2]) >= 0;
}

std::string decoded(std::string_view text) {
   std::string result;
   for (std::size_t at = 0; at < text.size(); ++at) {
      if (is_escape(text, at)) {
         result += static_cast<char>(digit(text[at + 1]) * 16 + digit(text[at + 2]));
         at += 2;
      } else {
         result += text[at];
      }
   }
   return result;
}

// "https:" or "user:password@host": what stands before the first colon could be taken for a scheme.
bool names_scheme(std::string_view path) {
   const auto rest = path.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");
   return rest != std::string_view::npos && path[rest] == ':';
}

// Servers differ in what separates segments, and some take a semicolon for the end of one.
bool has_dot_segment(std::string_view path) {
   for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = std::min(path.find_first_of("/\\", begin), path.size());
      const auto segment = path.substr(begin, end - begin);
      const auto name = segment.substr(0, segment.find(';'));
      if (name == "." || name == "..") return true;
      begin = end + 1;
   }
   return false;
}

// As it stands, and under each layer of escapes that a server may take off.
std::string segments_fault(std::string path) {
   constexpr int kLayers = 4;
   for (int layer = 0; layer <= kLayers; ++layer) {
      if (has_dot_segment(path)) return "holds a dot segment (\".\" or \"..\"), plain or in disguise";
      if (std::ranges::any_of(path, is_control)) return "holds a control character in disguise";
      if (!is_valid_utf8(path)) return "holds escapes that are not UTF-8";
      std::string next = decoded(path);
      if (next == path) return {};
      path = std::move(next);
   }
   return "is percent-encoded several times over";
}

bool needs_escape(unsigned char c) {
   return c <= 0x20 || c >= 0x7f ||
          std::string_view("\"<>[]^`{|}").find(static_cast<char>(c)) != std::string_view::npos;
}

constexpr std::string_view kDigits = "0123456789ABCDEF";

// All but the unreserved characters of RFC 3986 are escaped.
void append_escaped(std::string& text, std::string_view part) {
   for (const char c : part) {
      const auto byte = static_cast<unsigned char>(c);
      const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                              std::string_view("-._~").find(c) != std::string_view::npos;
      if (unreserved)
         text += c;
      else
         text += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
   }
}

}  // namespace

std::string path_fault(std::string_view path) {
   if (std::ranges::any_of(path, is_control)) return "holds a control character";
   if (path.find('\\') != std::string_view::npos) return "holds a backslash";
   if (path.starts_with("//"))
      return "begins with two slashes, which name another server; write only what follows the platform's base "
             "address, without a slash in front";
   if (path.starts_with('/')) return "begins with a slash" + std::string(kRelative);
   if (names_scheme(path)) return "names a scheme or a server" + std::string(kRelative);
   if (path.find('#') != std::string_view::npos) return "holds a fragment; write %23 for the sign # itself";
   for (std::size_t at = path.find('%'); at != std::string_view::npos; at = path.find('%', at + 1))
      if (!is_escape(path, at)) return "holds a % that begins no escape; write %25 for the sign itself";
   return segments_fault(std::string(path.substr(0, path.find('?'))));
}

std::string address_below(std::string_view base_url, std::string_view path) {
   std::string address(base_url);
   for (const char c : path) {
      const auto byte = static_cast<unsigned char>(c);
      if (needs_escape(byte)) {
         address += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
      } else {
         address += c;
      }
   }
   const HttpsUrl base = parse_https_url(base_url);
   const HttpsUrl target = parse_https_url(address);
   const bool is_below = base.fault.empty() && target.fault.empty() && target.host == base.host &&
                         target.port == base.port && target.path.starts_with(base.path);
   return is_below ? address : std::string();
}

std::string with_query(std::string address, const std::vector<std::pair<std::string, SecretBytes>>& query) {
   if (address.empty()) return address;
   for (const auto& [name, value] : query) {
      address += address.find('?') == std::string::npos ? '?' : '&';
      append_escaped(address, name);
      address += '=';
      append_escaped(address, value.view());
   }
   return address;
}

}  // namespace msp::host
