// proxy_in_use.hpp - which proxy libcurl will use.
#pragma once

#include <optional>
#include <string>

namespace msp::host {

struct ProxyInUse {
   std::string words;  // "HOST port PORT", as libcurl's sentences name it; empty: none
   bool has_user = false;
};

// An option counts before the environment, even an empty one. Reads the environment, as libcurl does.
ProxyInUse proxy_in_use(const std::optional<std::string>& option);

}  // namespace msp::host
