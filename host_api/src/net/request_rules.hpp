// request_rules.hpp - what a request and its header may look like.
#pragma once

#include <string_view>

#include "msp/host/result.hpp"
#include "net/http_service.hpp"

namespace msp::host {

// A token of RFC 9110: letters, digits and a few marks, no blank. [any-thread]
[[nodiscard]] bool is_token(std::string_view text) noexcept;

// No control character but the tab, so that a value cannot begin another header. [any-thread]
[[nodiscard]] bool is_header_value(std::string_view text) noexcept;

// Whether the host alone decides about this header: it says where a message goes or where it ends, or is for the proxy.
// On a connection that several integrations share, a wrong one would hand somebody else's answer to this plugin. Any
// case. [any-thread]
[[nodiscard]] bool is_reserved_header(std::string_view name);

// Whether the value of this header proves who asks. Any case. [any-thread]
[[nodiscard]] bool authenticates(std::string_view name);

// Whether the header says only what kind of content is meant, so that its value is no secret. Any case. [any-thread]
[[nodiscard]] bool describes_content(std::string_view name);

// Whether the request may be sent. The finding's summary completes "a request that is not allowed: ..."; it names
// headers, never their values. [any-thread]
Result<void> judge_request(const HttpRequest& request);

// The same but for its address. [any-thread]
Result<void> judge_message(const HttpRequest& request);

}  // namespace msp::host
