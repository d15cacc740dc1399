// runner_program.hpp - the program msp-plugin-runner, opened once, so that every runner is the file that was looked at.
#pragma once

#include <filesystem>

#include "msp/host/descriptor.hpp"
#include "msp/host/result.hpp"

namespace msp::isolation {

using host::Descriptor;

class RunnerProgram {
 public:
   // Refuses what another user could change: the file, a link to it, its directory. An absolute path. [any-thread]
   static host::Result<RunnerProgram> open(const std::filesystem::path& file);

   [[nodiscard]] int descriptor() const noexcept { return file_.get(); }

 private:
   explicit RunnerProgram(Descriptor file) : file_(std::move(file)) {}

   Descriptor file_;
};

}  // namespace msp::isolation
