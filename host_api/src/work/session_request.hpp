// session_request.hpp - requests that a session authenticates.
#pragma once

#include <memory>
#include <string_view>

#include "msp/host/operation.hpp"
#include "msp/host/session.hpp"
#include "net/http_service.hpp"

namespace msp::host {

// GET of a path below the session's base URL, with the session's headers and parameters. The URL is empty when the
// path leads elsewhere. REQUIRES: judge_path (net/request_path.hpp) lets the path pass. [any-thread]
HttpRequest get_below(const Session& session, std::string_view path);

// The request as the plugin signs it, and the request with the signature that the plugin made. [any-thread]
std::shared_ptr<const RequestToSign> to_sign(const HttpRequest& request, const Session& session);
void add_signature(HttpRequest& request, RequestSignature signature);

}  // namespace msp::host
