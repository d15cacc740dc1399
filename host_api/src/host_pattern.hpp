// host_pattern.hpp - the hosts that a manifest may name.
#pragma once

#include <string_view>

namespace msp::host {

// A DNS name in lower case of two labels or more, or one with a single '*' in a label before the last two. The '*'
// stands for any number of letters, digits and hyphens, none included, but for no dot.
[[nodiscard]] bool is_host_pattern(std::string_view pattern) noexcept;

}  // namespace msp::host
