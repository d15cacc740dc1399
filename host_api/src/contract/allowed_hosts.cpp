#include "contract/allowed_hosts.hpp"

#include <algorithm>

namespace msp::host {

AllowedHosts::AllowedHosts(const Manifest& manifest, const std::map<std::string, std::string, std::less<>>& values)
    : patterns_(manifest.hosts) {
   for (const auto& field : manifest.hosts_from) {
      const auto value = values.find(field);
      if (value == values.end()) continue;
      if (const auto url = parse_https_url(value->second)) typed_.emplace_back(url.value().host, url.value().port);
   }
}

bool AllowedHosts::allows(const HttpsUrl& url) const {
   if (url.port == 443 && host_matches(url.host, patterns_)) return true;
   return std::ranges::any_of(typed_, [&](const auto& t) { return t.first == url.host && t.second == url.port; });
}

std::optional<AllowedHosts::Starred> AllowedHosts::starred(const HttpsUrl& url) const {
   const auto is_it = [&](const auto& typed) { return typed.first == url.host && typed.second == url.port; };
   if (std::ranges::any_of(typed_, is_it)) return std::nullopt;
   std::optional<Starred> found;
   for (const std::string& pattern : patterns_) {
      if (!host_matches(url.host, {pattern})) continue;
      const std::size_t star = pattern.find('*');
      if (star == std::string::npos) return std::nullopt;
      const std::size_t size = url.host.size() + 1 - pattern.size();
      found = Starred{pattern, url.host.substr(star, size)};
   }
   return found;
}

}  // namespace msp::host
