// http_rules.hpp - what a request may look like.
#pragma once

#include <string>

#include "net/http_service.hpp"

namespace msp::host {

// Why the request must not be sent, completing "a request that is not allowed: ..."; empty: it may. Names headers,
// never their values. [any-thread]
std::string request_fault(const HttpRequest& request);

// The same but for its address. [any-thread]
std::string message_fault(const HttpRequest& request);

}  // namespace msp::host
