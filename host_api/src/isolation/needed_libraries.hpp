// needed_libraries.hpp - which libraries of the system a plugin's file names as needed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "msp/host/result.hpp"

namespace msp::isolation {

// The names in the order in which the system's loader takes them, for example "libstdc++.so.6". [any-thread]
host::Result<std::vector<std::string>> needed_libraries(std::string_view plugin);

}  // namespace msp::isolation
