// columns.hpp - how wide a text is on a terminal.
#pragma once

#include <cstddef>
#include <string_view>

namespace msp::console {

// Chinese, Japanese and Korean letters and emoji take two columns, accents that stand on another letter none. What is
// joined to one sign, such as an emoji of a family, takes what one sign takes. Colours take none.
[[nodiscard]] std::size_t columns(std::string_view text) noexcept;

}  // namespace msp::console
