// header_rules.hpp - what may stand in a request's header.
#pragma once

#include <string_view>

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

}  // namespace msp::host
