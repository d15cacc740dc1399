#include "zone.hpp"

#include <algorithm>

#include "msp/sdk/json.hpp"
#include "msp/sdk/text.hpp"

namespace autotask {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::string_view kDomain = ".autotask.net";
constexpr std::size_t kMaxUrl = 256;

bool is_zone_host(std::string_view host) {
   if (host.size() <= kDomain.size() || host.substr(host.size() - kDomain.size()) != kDomain) return false;
   const std::string_view label = host.substr(0, host.size() - kDomain.size());
   constexpr std::string_view kNumbered = "webservices";
   if (label.substr(0, kNumbered.size()) == kNumbered) return msp::sdk::is_digits(label.substr(kNumbered.size()));
   return label == "prde" || label == "pres";
}

// Letters, digits and slashes are all that zone addresses hold; a dot is not needed, so ".." cannot be.
bool is_plain_path(std::string_view path) {
   constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_-";
   return path.find_first_not_of(kPlain) == std::string_view::npos;
}

}  // namespace

std::string Zone::host() const { return url.substr(kScheme.size(), url.find('/', kScheme.size()) - kScheme.size()); }

std::string zone_lookup_url(std::string_view user_name) {
   return "https://webservices.autotask.net/atservicesrest/v1.0/zoneInformation?user=" +
          msp::sdk::percent_encode(user_name);
}

std::optional<std::string> trusted_zone_url(std::string_view url) {
   if (url.size() > kMaxUrl || !msp::sdk::equal_ignoring_case(url.substr(0, kScheme.size()), kScheme))
      return std::nullopt;
   url.remove_prefix(kScheme.size());
   const std::size_t slash = std::min(url.find('/'), url.size());
   std::string_view authority = url.substr(0, slash);
   const std::string_view path = url.substr(slash);
   constexpr std::string_view kDefaultPort = ":443";
   if (authority.size() > kDefaultPort.size() &&
       authority.substr(authority.size() - kDefaultPort.size()) == kDefaultPort)
      authority.remove_suffix(kDefaultPort.size());
   const std::string host = msp::sdk::to_lower(authority);
   if (!is_zone_host(host) || !is_plain_path(path)) return std::nullopt;

   std::string canonical = std::string(kScheme) + host + "/";
   // A doubled slash has been seen: "...net//ATServicesRest/".
   for (const char c : path)
      if (c != '/' || canonical.back() != '/') canonical += c;
   if (canonical.back() != '/') canonical += '/';
   return canonical;
}

std::optional<Zone> read_zone(std::string_view body) {
   const auto answer = msp::sdk::Json::parse(body);
   if (!answer) return std::nullopt;
   const auto url = trusted_zone_url((*answer)["url"].text().value_or(""));
   if (!url) return std::nullopt;
   Zone zone{*url, {}, {}};
   zone.name = (*answer)["zoneName"].text().value_or("");
   if (const auto id = (*answer)["ci"].integer(); id && *id > 0) zone.customer_id = std::to_string(*id);
   return zone;
}

}  // namespace autotask
