// problem_error.hpp - a Problem on its way up inside the console, where no caller in between could do anything about
// it: the store cannot be read or written.
#pragma once

#include <stdexcept>

#include "msp/host/result.hpp"

namespace msp::console {

class ProblemError : public std::runtime_error {
 public:
   explicit ProblemError(host::Problem problem) : std::runtime_error(problem.summary), problem_(std::move(problem)) {}
   [[nodiscard]] const host::Problem& problem() const noexcept { return problem_; }

 private:
   host::Problem problem_;
};

}  // namespace msp::console
