#include "manifest/host_pattern.hpp"

#include <libpsl.h>

#include <algorithm>
#include <string>

#include "msp/host/manifest.hpp"

namespace msp::host {
namespace {

constexpr std::size_t kMaxName = 253;  // of DNS
constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kFixedLabels = 2;  // "*.com" would allow anybody

bool is_label_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

// Takes the first label, and its dot, off the name.
std::string_view take_label(std::string_view& name) {
   const std::size_t dot = name.find('.');
   const std::string_view label = name.substr(0, dot);
   name.remove_prefix(dot == std::string_view::npos ? name.size() : dot + 1);
   return label;
}

bool is_fixed_label(std::string_view label) {
   return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' && label.back() != '-' &&
          std::all_of(label.begin(), label.end(), is_label_character);
}

bool is_starred_label(std::string_view label) {
   const std::size_t star = label.find('*');
   return star != std::string_view::npos && label.size() <= kMaxLabel && label.front() != '-' && label.back() != '-' &&
          std::all_of(label.begin(), label.begin() + static_cast<std::ptrdiff_t>(star), is_label_character) &&
          std::all_of(label.begin() + static_cast<std::ptrdiff_t>(star) + 1, label.end(), is_label_character);
}

// A top-level domain is never a number, so that an IP address is no name.
bool is_top_level(std::string_view label) {
   return std::any_of(label.begin(), label.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool matches(std::string_view host, std::string_view pattern) noexcept {
   const std::size_t star = pattern.find('*');
   if (star == std::string_view::npos) return host == pattern;
   const std::string_view before = pattern.substr(0, star);
   const std::string_view after = pattern.substr(star + 1);
   if (host.size() < before.size() + after.size() || !host.starts_with(before) || !host.ends_with(after)) return false;
   std::string_view label = host;
   label.remove_prefix(before.rfind('.') == std::string_view::npos ? 0 : before.rfind('.') + 1);
   if (label.empty() || label.front() == '.') return false;  // "*" alone does not stand for an empty label
   const std::string_view middle = host.substr(before.size(), host.size() - before.size() - after.size());
   return std::all_of(middle.begin(), middle.end(), is_label_character);
}

}  // namespace

bool is_host_pattern(std::string_view pattern) noexcept {
   if (pattern.empty() || pattern.size() > kMaxName || pattern.back() == '.') return false;
   std::size_t fixed_at_end = 0;
   std::size_t stars = 0;
   std::string_view label;
   while (!pattern.empty()) {
      label = take_label(pattern);
      if (is_fixed_label(label)) {
         ++fixed_at_end;
      } else if (is_starred_label(label) && ++stars == 1) {
         fixed_at_end = 0;
      } else {
         return false;
      }
   }
   return fixed_at_end >= kFixedLabels && is_top_level(label);
}

std::string_view open_suffix(std::string_view pattern) {
   const std::size_t star = pattern.find('*');
   if (star == std::string_view::npos) return {};
   const std::string_view suffix = pattern.substr(pattern.find('.', star) + 1);
   return psl_is_public_suffix(psl_builtin(), std::string(suffix).c_str()) != 0 ? suffix : std::string_view();
}

bool host_matches(std::string_view host, const std::vector<std::string>& patterns) noexcept {
   return std::any_of(patterns.begin(), patterns.end(), [host](const auto& pattern) { return matches(host, pattern); });
}

}  // namespace msp::host
