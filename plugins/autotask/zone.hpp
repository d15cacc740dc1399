// zone.hpp - which of Autotask's data centres ("zones") a login lives in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace autotask {

// What the zone look-up says about a login.
struct Zone {
   std::string url;          // canonical, https, ends in a slash; "V1.0/..." is appended to it
   std::string name;         // for people, for example "America East 2"; may be empty
   std::string customer_id;  // the tenant's number; may be empty

   [[nodiscard]] std::string host() const;
};

// Where to ask, without credentials. Version 1.0 is pinned: versioninformation also lists V2.0, whose zone look-up
// is not there.
std::string zone_lookup_url(std::string_view user_name);

// The address in its canonical form if it is one of Autotask's own: https, the default port, a host named
// webservices<digits or nothing>, prde or pres under autotask.net. Zones are numbered and grow, so there is no list.
// Nothing secret is sent before this was asked.
std::optional<std::string> trusted_zone_url(std::string_view url);

// Reads the answer of the look-up. Nothing when it is not that document, or names an address that is not Autotask's.
std::optional<Zone> read_zone(std::string_view body);

}  // namespace autotask
