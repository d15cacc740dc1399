// msp/sdk/cookies.hpp - the cookies of one sign-in, for platforms that keep their session in them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "msp/sdk/secret.hpp"
#include "msp/sdk/text.hpp"

namespace msp::sdk {

// Takes the values of "Set-Cookie" and gives the value of "Cookie". It serves one server: where a cookie may be sent
// (Domain, Path, Secure) is decided by whom the plugin sends requests to, and is not looked at. [serial]
class Cookies {
 public:
   // One header value, such as "sid=31d4d96e; Path=/; HttpOnly". A later cookie of the same name replaces the earlier
   // one; an empty one, or one that has "Max-Age=0", takes it away. False when it is no cookie.
   bool take(std::string_view set_cookie) {
      const std::string_view pair = set_cookie.substr(0, set_cookie.find(';'));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos) return false;
      const std::string_view name = trim(pair.substr(0, equals));
      const std::string_view value = trim(pair.substr(equals + 1));
      if (name.empty() || has_control_character(pair)) return false;
      cookies_.erase(
          std::remove_if(cookies_.begin(), cookies_.end(), [&](const auto& each) { return each.first == name; }),
          cookies_.end());
      if (!value.empty() && !ends_at_once(set_cookie.substr(pair.size()))) cookies_.emplace_back(name, Secret(value));
      return true;
   }

   // "sid=31d4d96e; lang=en"; empty when there are none.
   [[nodiscard]] Secret header() const {
      std::size_t size = 0;
      for (const auto& [name, value] : cookies_) size += name.size() + value.view().size() + 3;
      std::string line;
      line.reserve(size);
      for (const auto& [name, value] : cookies_) {
         if (!line.empty()) line += "; ";
         line += name;
         line += '=';
         line += value.view();
      }
      return Secret::take(std::move(line));
   }

   // The value of one; empty when it is not there.
   [[nodiscard]] std::string_view value(std::string_view name) const noexcept {
      for (const auto& [each, value] : cookies_)
         if (each == name) return value.view();
      return {};
   }

   [[nodiscard]] bool empty() const noexcept { return cookies_.empty(); }

 private:
   static bool ends_at_once(std::string_view attributes) {
      while (!attributes.empty()) {
         attributes.remove_prefix(1);  // the semicolon
         const std::string_view attribute = attributes.substr(0, attributes.find(';'));
         attributes.remove_prefix(attribute.size());
         const std::size_t equals = std::min(attribute.find('='), attribute.size());
         if (!equal_ignoring_case(trim(attribute.substr(0, equals)), "Max-Age")) continue;
         const std::string_view age = trim(attribute.substr(std::min(equals + 1, attribute.size())));
         return age.substr(0, 1) == "-" || (!age.empty() && age.find_first_not_of('0') == std::string_view::npos);
      }
      return false;
   }

   std::vector<std::pair<std::string, Secret>> cookies_;
};

}  // namespace msp::sdk
