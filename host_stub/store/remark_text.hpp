// remark_text.hpp - what an accepted check found that is not in order, as the history keeps it.
#pragma once

#include <string>
#include <string_view>

#include "msp/host/check.hpp"

namespace msp::console {

// "unverified=2 restricted=14"; empty when there are none.
std::string to_text(const host::Remarks& remarks);
host::Remarks remarks(std::string_view text);

}  // namespace msp::console
