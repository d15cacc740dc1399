#include "net/request_path.hpp"

#include <algorithm>

#include "msp/host/text.hpp"
#include "net/url.hpp"

namespace msp::host {
namespace {

constexpr std::string_view kRelative = "; write it relative to the platform's base address, without a slash in front";

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7f; }

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
Result<void> judge_segments(std::string path) {
   constexpr int kLayers = 4;
   for (int layer = 0; layer <= kLayers; ++layer) {
      if (has_dot_segment(path)) return unsendable("holds a dot segment (\".\" or \"..\"), plain or in disguise");
      if (std::ranges::any_of(path, is_control)) return unsendable("holds a control character in disguise");
      if (!is_valid_utf8(path)) return unsendable("holds escapes that are not UTF-8");
      std::string next = percent_decoded(path);
      if (next == path) return {};
      path = std::move(next);
   }
   return unsendable("is percent-encoded several times over");
}

bool needs_escape(unsigned char c) {
   return c <= 0x20 || c >= 0x7f ||
          std::string_view("\"<>[]^`{|}").find(static_cast<char>(c)) != std::string_view::npos;
}

// All but the unreserved characters of RFC 3986 are escaped.
void append_escaped(std::string& text, std::string_view part) {
   for (const char c : part) {
      const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                              std::string_view("-._~").find(c) != std::string_view::npos;
      if (unreserved)
         text += c;
      else
         append_percent_escape(text, c);
   }
}

}  // namespace

Result<void> judge_path(std::string_view path) {
   if (std::ranges::any_of(path, is_control)) return unsendable("holds a control character");
   if (path.find('\\') != std::string_view::npos) return unsendable("holds a backslash");
   if (path.starts_with("//"))
      return unsendable(
          "begins with two slashes, which name another server; write only what follows the platform's base "
          "address, without a slash in front");
   if (path.starts_with('/')) return unsendable("begins with a slash" + std::string(kRelative));
   if (names_scheme(path)) return unsendable("names a scheme or a server" + std::string(kRelative));
   if (path.find('#') != std::string_view::npos) return unsendable("holds a fragment; write %23 for the sign # itself");
   for (std::size_t at = path.find('%'); at != std::string_view::npos; at = path.find('%', at + 1))
      if (!percent_escape(path.substr(at)))
         return unsendable("holds a % that begins no escape; write %25 for the sign itself");
   return judge_segments(std::string(path.substr(0, path.find('?'))));
}

std::string address_below(std::string_view base_url, std::string_view path) {
   std::string address(base_url);
   for (const char c : path) {
      if (needs_escape(static_cast<unsigned char>(c))) {
         append_percent_escape(address, c);
      } else {
         address += c;
      }
   }
   const auto base = parse_https_url(base_url);
   const auto target = parse_https_url(address);
   const bool is_below = base && target && target.value().host == base.value().host &&
                         target.value().port == base.value().port && target.value().path.starts_with(base.value().path);
   return is_below ? address : std::string();
}

std::string with_query(std::string address, const std::vector<std::pair<std::string, SecretBytes>>& query) {
   if (address.empty()) return address;
   std::size_t longest = address.size();
   for (const auto& [name, value] : query) longest += 3 * (name.size() + value.size()) + 2;
   address.reserve(longest);  // no copy of a value is left behind in memory that the address gives up
   for (const auto& [name, value] : query) {
      address += address.find('?') == std::string::npos ? '?' : '&';
      append_escaped(address, name);
      address += '=';
      append_escaped(address, value.view());
   }
   return address;
}

}  // namespace msp::host
