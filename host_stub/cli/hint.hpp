// hint.hpp - remedies speak of what to do, for every reader; here the command line adds which command does it.
#pragma once

#include <string>
#include <string_view>

#include "msp/host/finding.hpp"

namespace msp::console {

// By the code of a finding or problem; empty when no one command helps. `platform` may be unknown (empty).
std::string command_for(std::string_view code, std::string_view platform);

// The option of the command line that the remedy of a finding can be followed with; empty when there is none. The host
// library's sentences name no option, because other consoles have other ones.
std::string option_for(const host::Finding& finding);

}  // namespace msp::console
