// client.hpp - requests to Autotask: the zone look-up without credentials, everything else with them. Only GET.
#pragma once

#include <string>
#include <vector>

#include "msp/sdk/call.hpp"
#include "msp/sdk/http.hpp"
#include "zone.hpp"

namespace autotask {

// The headers that authenticate a request. There is no token: they are the credentials themselves.
std::vector<msp::sdk::Pair> credential_headers(const msp::sdk::Call& call);

class Client {
 public:
   explicit Client(const msp::sdk::Host& host) : http_(host) {}

   // Asks which zone the user is in and keeps it; reports why not.
   msp::sdk::Outcome find_zone(msp::sdk::Call& call);

   // Empty until find_zone was accepted.
   [[nodiscard]] const Zone& zone() const noexcept { return zone_; }

   // One signed request to a path under the zone's V1.0/, which may be a sign-in. REQUIRES: the zone is known.
   msp::sdk::Response get(msp::sdk::Call& call, const std::string& path) const;

   // Several at once; what may pass alone is asked again. REQUIRES: the credentials were accepted.
   std::vector<msp::sdk::Response> ask(msp::sdk::Call& call, const std::vector<std::string>& paths) const;

 private:
   msp::sdk::Response send(msp::sdk::Call& call, const msp::sdk::Request& request) const;
   std::vector<msp::sdk::Request> signed_requests(const msp::sdk::Call& call,
                                                  const std::vector<std::string>& paths) const;

   msp::sdk::Http http_;
   Zone zone_;
};

}  // namespace autotask
