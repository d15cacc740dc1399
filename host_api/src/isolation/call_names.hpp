// call_names.hpp - the names of this machine's system calls.
#pragma once

#include <string>

namespace msp::isolation {

// For example "socket"; "number 1234" for one that is younger than the headers this was built with.
[[nodiscard]] std::string call_name(int number);

}  // namespace msp::isolation
