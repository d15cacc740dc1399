#include "contract/allowed_hosts.hpp"

#include <algorithm>

namespace msp::host {

AllowedHosts::AllowedHosts(const Manifest& manifest, const std::map<std::string, std::string, std::less<>>& values)
    : patterns_(manifest.hosts) {
   for (const auto& field : manifest.hosts_from) {
      const auto value = values.find(field);
      if (value == values.end()) continue;
      if (auto url = parse_https_url(value->second); url.fault.empty())
         typed_.emplace_back(std::move(url.host), url.port);
   }
}

bool AllowedHosts::allows(const HttpsUrl& url) const {
   if (!url.fault.empty()) return false;
   if (url.port == 443 && host_matches(url.host, patterns_)) return true;
   return std::ranges::any_of(typed_, [&](const auto& t) { return t.first == url.host && t.second == url.port; });
}

}  // namespace msp::host
