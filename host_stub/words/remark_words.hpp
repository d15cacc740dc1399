// remark_words.hpp - what an accepted check found that is not in order, for people.
#pragma once

#include <string>

#include "msp/host/check.hpp"

namespace msp::console {

// "2 to confirm, 14 restricted"; empty when there are none.
std::string remark_words(const host::Remarks& remarks);

}  // namespace msp::console
