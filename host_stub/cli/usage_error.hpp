// usage_error.hpp - the command line cannot be obeyed as it stands; exit code 2.
#pragma once

#include "store/finding_error.hpp"

namespace msp::console {

class UsageError : public FindingError {
 public:
   UsageError(std::string summary, std::string remedy)
       : FindingError({"usage", std::move(summary), std::move(remedy)}) {}
};

}  // namespace msp::console
