// text.hpp - the same for the library's own files, and what only they need.
#pragma once

#include <string>
#include <string_view>

#include "msp/host/text.hpp"

namespace msp::host {

// Somebody else's text within a sentence of ours.
std::string in_quotes(std::string_view text);

}  // namespace msp::host
