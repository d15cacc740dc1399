// url.hpp - https addresses, read by the same parser that later sends to them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "msp/host/result.hpp"

namespace msp::host {

// Where an https address leads.
struct HttpsUrl {
   std::string host;  // lower case
   std::uint16_t port = 0;
   std::string path;  // as it is sent: without dot segments, with a slash in front
};

// Why something cannot be sent: the summary completes a sentence of the caller's.
inline Finding unsendable(std::string why) { return {"input.invalid", std::move(why), {}}; }

// Acceptable: absolute, https, with a host, without user info, fragment, blanks and control characters. The summary of
// a finding completes "the address ...". [any-thread]
Result<HttpsUrl> parse_https_url(std::string_view text);

}  // namespace msp::host
