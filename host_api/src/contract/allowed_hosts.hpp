// allowed_hosts.hpp - where one connection may send to: what its manifest names, and nowhere else.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "msp/host/manifest.hpp"
#include "net/url.hpp"

namespace msp::host {

// [any-thread] once made.
class AllowedHosts {
 public:
   AllowedHosts(const Manifest& manifest, const std::map<std::string, std::string, std::less<>>& values);

   // A pattern allows the default port only; a url field allows exactly the host and port that were typed.
   [[nodiscard]] bool allows(const HttpsUrl& url) const;

   // What the star of the pattern that allows this host stands for, with the pattern; nothing when the host was typed
   // or is named in full.
   struct Starred {
      std::string pattern;
      std::string part;
   };
   [[nodiscard]] std::optional<Starred> starred(const HttpsUrl& url) const;

 private:
   std::vector<std::string> patterns_;
   std::vector<std::pair<std::string, std::uint16_t>> typed_;
};

}  // namespace msp::host
