// hint.hpp - remedies speak of what to do, for every reader; here the command line adds which command does it.
#pragma once

#include <string>
#include <string_view>

namespace msp::console {

// By the code of a finding or problem; empty when no one command helps. `platform` may be unknown (empty).
std::string command_for(std::string_view code, std::string_view platform);

}  // namespace msp::console
