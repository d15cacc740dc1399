// host_pattern.hpp - the hosts that a manifest may name.
#pragma once

#include <string_view>

namespace msp::host {

// A DNS name in lower case of two labels or more, or one with a single '*' in a label before the last two. The '*'
// stands for any number of letters, digits and hyphens, none included, but for no dot.
[[nodiscard]] bool is_host_pattern(std::string_view pattern) noexcept;

// The name below which the '*' stands, if anybody can register a name there: "co.uk" of "*.co.uk", by the public suffix
// list. Such a pattern would let a secret go to whoever buys a name. Empty: none. REQUIRES: a host pattern.
[[nodiscard]] std::string_view open_suffix(std::string_view pattern);

}  // namespace msp::host
