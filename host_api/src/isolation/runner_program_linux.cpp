#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "isolation/runner_program.hpp"
#include "library/file_trust.hpp"

namespace msp::isolation {
namespace {

namespace fs = std::filesystem;

host::Finding refused(const fs::path& file, const std::string& why, std::string remedy) {
   return {"host.internal", "The program that runs plugins, '" + file.string() + "', is not used: " + why + ".",
           std::move(remedy)};
}

}  // namespace

host::Result<RunnerProgram> RunnerProgram::open(const fs::path& file) {
   const std::string reinstall = "Install the console again, so that '" + file.string() + "' is its own.";
   if (!file.is_absolute()) return refused(file, "its path is not absolute", reinstall);
   if (const auto trusted = host::distrust_directory(file.parent_path()); !trusted) {
      return refused(file, "its directory is not safe. " + trusted.finding().summary, trusted.finding().remedy);
   }
   Descriptor opened(::open(file.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
   struct stat status {};
   if (!opened || ::fstat(opened.get(), &status) != 0) {
      return refused(file, std::generic_category().message(errno), reinstall);
   }
   if (!S_ISREG(status.st_mode)) return refused(file, "it is not a regular file", reinstall);
   if (status.st_uid != 0 && status.st_uid != ::geteuid())
      return refused(file, "it belongs to another user", reinstall);
   if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
      return refused(file, "other users can change it", "Take that right away: chmod go-w '" + file.string() + "'");
   }
   return RunnerProgram(std::move(opened), file);
}

}  // namespace msp::isolation
