// runner_program.hpp - the program msp-plugin-runner, opened once, so that every runner is the file that was looked at.
#pragma once

#include <filesystem>

#include "isolation/handle.hpp"
#include "msp/host/result.hpp"

namespace msp::isolation {

class RunnerProgram {
 public:
   // Refuses what another user could change: the file, a link to it, its directory. An absolute path. [any-thread]
   static host::Result<RunnerProgram> open(const std::filesystem::path& file);

   [[nodiscard]] const Handle& file() const noexcept { return file_; }
   [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
   RunnerProgram(Handle file, std::filesystem::path path) : file_(std::move(file)), path_(std::move(path)) {}

   Handle file_;
   std::filesystem::path path_;
};

}  // namespace msp::isolation
