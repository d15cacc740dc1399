// reason.hpp - the system's words for an error number.
#pragma once

#include <string>
#include <system_error>

namespace msp::runner {

inline std::string reason(int error) { return std::generic_category().message(error); }

}  // namespace msp::runner
