// not_confined.hpp - a process that cannot be confined loads no plugin.
#pragma once

#include <stdexcept>

namespace msp::runner {

// what() is the reason, for the administrator.
class NotConfined : public std::runtime_error {
   using std::runtime_error::runtime_error;
};

}  // namespace msp::runner
