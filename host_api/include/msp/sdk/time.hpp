// msp/sdk/time.hpp - the moments that platforms write down, as seconds since 1970-01-01T00:00Z.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace msp::sdk {

namespace detail {

// Seconds since 1970 of a moment in UTC; nothing for one that no calendar has.
inline std::optional<std::int64_t> utc_moment(int year, int month, int day, int hour, int minute, int second) noexcept {
   const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
   const int days_of_month[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
   if (month < 1 || month > 12 || day < 1 || day > days_of_month[month - 1]) return std::nullopt;
   if (hour > 23 || minute > 59 || second > 60) return std::nullopt;

   // Days since 1970-01-01 by counting years from March, so that the leap day comes last.
   const int shifted_year = month > 2 ? year : year - 1;
   const int shifted_month = (month + 9) % 12;
   const std::int64_t days = 365LL * shifted_year + shifted_year / 4 - shifted_year / 100 + shifted_year / 400 +
                             (153 * shifted_month + 2) / 5 + (day - 1) - 719'468;
   return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

}  // namespace detail

// The present, by this machine's clock. [any-thread]
inline std::int64_t seconds_since_1970() noexcept {
   return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// What stands on calendar and clock in UTC at a moment of the years 1970 to 9999. [any-thread]
struct UtcClock {
   int year = 0, month = 0, day = 0, weekday = 0;  // weekday: 0 is Sunday
   int hour = 0, minute = 0, second = 0;

   explicit UtcClock(std::int64_t seconds) {
      const std::int64_t days = seconds / 86'400;
      const int rest = static_cast<int>(seconds % 86'400);
      hour = rest / 3600;
      minute = rest / 60 % 60;
      second = rest % 60;
      weekday = static_cast<int>((days + 4) % 7);
      year = 1970 + static_cast<int>(days / 366);
      const auto start_of = [](int y, int m) { return *detail::utc_moment(y, m, 1, 0, 0, 0) / 86'400; };
      while (start_of(year + 1, 1) <= days) ++year;
      for (month = 12; start_of(year, month) > days;) --month;
      day = static_cast<int>(days - start_of(year, month)) + 1;
   }
};

// "20150830T123600Z", as AWS has it. [any-thread]
inline std::string compact_utc(std::int64_t seconds) {
   const UtcClock now(seconds);
   char text[80];
   return {text, static_cast<std::size_t>(std::snprintf(text, sizeof(text), "%04d%02d%02dT%02d%02d%02dZ", now.year,
                                                        now.month, now.day, now.hour, now.minute, now.second))};
}

// "Tue, 21 Aug 2012 17:29:18 GMT", the form of a "Date" header, in English whatever the locale. [any-thread]
inline std::string http_date(std::int64_t seconds) {
   constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
   constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
   const UtcClock now(seconds);
   char text[80];
   return {text, static_cast<std::size_t>(std::snprintf(text, sizeof(text), "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
                                                        &kDays[static_cast<std::size_t>(now.weekday) * 3], now.day,
                                                        &kMonths[static_cast<std::size_t>(now.month - 1) * 3], now.year,
                                                        now.hour, now.minute, now.second))};
}

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

   const auto moment = detail::utc_moment(year, month, day, hour, minute, second);
   return moment ? std::optional(*moment - std::int64_t{60} * offset_minutes) : std::nullopt;
}

// Reads the date of an HTTP header in its three forms: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37
// GMT" and "Sun Nov  6 08:49:37 1994". Nothing for anything else. [any-thread]
inline std::optional<std::int64_t> parse_http_date(std::string_view text) noexcept {
   constexpr std::size_t kMost = 8;
   std::string_view words[kMost];
   std::size_t count = 0;
   constexpr std::string_view kBetween = " ,-:";
   for (std::size_t at = text.find_first_not_of(kBetween); at != std::string_view::npos;
        at = text.find_first_not_of(kBetween, at)) {
      if (count == kMost) return std::nullopt;
      const std::size_t end = std::min(text.find_first_of(kBetween, at), text.size());
      words[count++] = text.substr(at, end - at);
      at = end;
   }
   const bool zone_last = count == kMost && (words[7] == "GMT" || words[7] == "UTC");
   if (!zone_last && count != kMost - 1) return std::nullopt;
   bool valid = true;
   const auto number = [&](std::string_view word) {
      int value = 0;
      valid = valid && !word.empty() && word.size() <= 4;
      for (const char c : word) {
         valid = valid && c >= '0' && c <= '9';
         if (valid) value = value * 10 + (c - '0');
      }
      return value;
   };
   const std::string_view name = zone_last ? words[2] : words[1];
   constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
   const std::size_t month = name.size() == 3 ? kMonths.find(name) : std::string_view::npos;
   if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
   const std::string_view year_word = zone_last ? words[3] : words[6];
   int year = number(year_word);
   if (year_word.size() == 2) year += year < 70 ? 2000 : 1900;
   const std::string_view* clock = zone_last ? words + 4 : words + 3;
   const int hour = number(clock[0]);
   const int minute = number(clock[1]);
   const int second = number(clock[2]);
   const int day = number(zone_last ? words[1] : words[2]);
   if (!valid) return std::nullopt;
   return detail::utc_moment(year, static_cast<int>(month / 3) + 1, day, hour, minute, second);
}

}  // namespace msp::sdk
