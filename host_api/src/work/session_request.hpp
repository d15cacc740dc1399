// session_request.hpp - requests that a session authenticates.
#pragma once

#include <string_view>

#include "msp/host/session.hpp"
#include "net/http_service.hpp"

namespace msp::host {

// GET of a path below the session's base URL, with the session's headers and parameters. The URL is empty when the
// path leads elsewhere. REQUIRES: judge_path (net/request_path.hpp) lets the path pass. [any-thread]
HttpRequest get_below(const Session& session, std::string_view path);

}  // namespace msp::host
