// msp/sdk/time.hpp - the moments that platforms write down, as seconds since 1970-01-01T00:00Z.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace msp::sdk {

// Reads "2019-03-21T11:33:04", with or without fractions (dropped), with "Z", an offset such as "+02:00" or neither,
// which is taken as UTC. A space may stand for the T. Nothing for anything else, a 30th of February included.
// [any-thread]
inline std::optional<std::int64_t> parse_iso8601(std::string_view text) noexcept {
   std::size_t at = 0;
   bool valid = true;
   const auto digits = [&](int count) {
      int number = 0;
      for (; count > 0; --count, ++at) {
         if (at >= text.size() || text[at] < '0' || text[at] > '9') {
            valid = false;
            return 0;
         }
         number = number * 10 + (text[at] - '0');
      }
      return number;
   };
   const auto one_of = [&](std::string_view wanted) {
      if (at >= text.size() || wanted.find(text[at]) == std::string_view::npos) return '\0';
      return text[at++];
   };
   const auto expect = [&](std::string_view wanted) { valid = one_of(wanted) != '\0' && valid; };

   const int year = digits(4);
   expect("-");
   const int month = digits(2);
   expect("-");
   const int day = digits(2);
   expect("Tt ");
   const int hour = digits(2);
   expect(":");
   const int minute = digits(2);
   expect(":");
   const int second = digits(2);
   if (valid && one_of(".,") != '\0') {
      digits(1);
      while (one_of("0123456789") != '\0') {
      }
   }
   int offset_minutes = 0;
   if (const char sign = one_of("Zz+-"); sign == '+' || sign == '-') {
      const int hours = digits(2);
      one_of(":");
      const int minutes = digits(2);
      valid = valid && hours <= 23 && minutes <= 59;
      offset_minutes = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
   }
   if (!valid || at != text.size()) return std::nullopt;

   const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
   const int days_of_month[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
   if (month < 1 || month > 12 || day < 1 || day > days_of_month[month - 1]) return std::nullopt;
   if (hour > 23 || minute > 59 || second > 60) return std::nullopt;

   // Days since 1970-01-01 by counting years from March, so that the leap day comes last.
   const int shifted_year = month > 2 ? year : year - 1;
   const int shifted_month = (month + 9) % 12;
   const std::int64_t days = 365LL * shifted_year + shifted_year / 4 - shifted_year / 100 + shifted_year / 400 +
                             (153 * shifted_month + 2) / 5 + (day - 1) - 719'468;
   return ((days * 24 + hour) * 60 + minute - offset_minutes) * 60 + second;
}

}  // namespace msp::sdk
