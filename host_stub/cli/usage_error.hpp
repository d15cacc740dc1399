// usage_error.hpp - the command line cannot be obeyed as it stands; exit code 2.
#pragma once

#include "store/finding_error.hpp"

namespace msp::console {

class UsageError : public FindingError {
 public:
   UsageError(std::string summary, std::string remedy)
       : FindingError({"usage", std::move(summary), std::move(remedy)}) {}

   // What the host library finds wrong with its options, whose `field` names the option.
   explicit UsageError(const host::Finding& finding)
       : FindingError({"usage", finding.summary, finding.remedy, finding.severity, finding.field}) {}
};

}  // namespace msp::console
