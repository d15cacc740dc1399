// msp/host/text.hpp - texts of strangers made fit to be shown: valid UTF-8, no control characters, bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "msp/host/ascii.hpp"

namespace msp::host {

// Whether it is UTF-8 as RFC 3629 wants it: nothing overlong, no surrogates. [any-thread]
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

// Valid UTF-8 in which nothing would have to be replaced to be shown: what clean_text leaves as it is.
[[nodiscard]] bool is_clean_text(std::string_view text) noexcept;

// Invalid bytes become U+FFFD; control characters but newline, and the bidirectional controls, become a space; what
// nobody sees, such as a zero-width space, is left out, but for the joiners of Persian, Hindi or emoji; text longer
// than `max_bytes` is cut at a character and ends in "…". [any-thread]
[[nodiscard]] std::string clean_text(std::string_view text, std::size_t max_bytes = 4096);

// The same JSON, in which controls above 7E, separators, bidirectional controls and what nobody sees are escaped: a
// terminal or a reader would act on them. REQUIRES: valid UTF-8.
[[nodiscard]] std::string escape_unseen(std::string_view json);

[[nodiscard]] std::string_view trim(std::string_view text) noexcept;  // ASCII white space

}  // namespace msp::host
