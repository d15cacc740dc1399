// finding_error.hpp - the one exception of the console that carries a finding. The store throws it when the database
// cannot be read or written, and the command line when a command cannot go on: no caller in between could do anything
// about it. Everything else returns a Result.
#pragma once

#include <stdexcept>

#include "msp/host/result.hpp"

namespace msp::console {

class FindingError : public std::runtime_error {
 public:
   explicit FindingError(host::Finding finding) : std::runtime_error(finding.summary), finding_(std::move(finding)) {}
   [[nodiscard]] const host::Finding& finding() const noexcept { return finding_; }

 private:
   host::Finding finding_;
};

}  // namespace msp::console
