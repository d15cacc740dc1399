// usage_error.hpp - the command line cannot be obeyed as it stands; exit code 2.
#pragma once

#include "store/problem_error.hpp"

namespace msp::console {

class UsageError : public ProblemError {
 public:
   UsageError(std::string summary, std::string remedy)
       : ProblemError({"usage", std::move(summary), std::move(remedy)}) {}
};

}  // namespace msp::console
