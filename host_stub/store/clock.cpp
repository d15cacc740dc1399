#include "store/clock.hpp"

#include <chrono>
#include <cstdio>

namespace msp::console {

Clock system_clock() {
   return [] {
      return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
   };
}

std::string iso_time(std::int64_t seconds) {
   using namespace std::chrono;
   const sys_seconds moment{std::chrono::seconds{seconds}};
   const auto day = floor<days>(moment);
   const year_month_day date{day};
   const hh_mm_ss time{moment - day};
   char text[40];
   std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                 static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                 static_cast<int>(time.seconds().count()));
   return text;
}

std::string sentence_time(std::int64_t seconds) {
   const std::string iso = iso_time(seconds);
   return iso.substr(0, 10) + " " + iso.substr(11, 5) + " UTC";
}

}  // namespace msp::console
