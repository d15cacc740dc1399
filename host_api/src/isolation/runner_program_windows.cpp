#include <windows.h>

#include <system_error>

#include "isolation/app_container_windows.hpp"
#include "isolation/runner_program.hpp"
#include "library/file_trust.hpp"

namespace msp::isolation {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

host::Finding refused(const fs::path& file, const std::string& why, std::string remedy) {
   return {"host.internal", "The program that runs plugins, '" + file.string() + "', is not used: " + why + ".",
           std::move(remedy)};
}

Handle open_held(const fs::path& file) {
   const auto open = [&file](DWORD rights) {
      return Handle(::CreateFileW(file.c_str(), rights, FILE_SHARE_READ, nullptr, OPEN_EXISTING, 0, nullptr));
   };
   if (Handle own = open(GENERIC_READ | READ_CONTROL | WRITE_DAC)) {
      let_runners_read(own.get());
      return own;
   }
   // An installed one belongs to the administrators, who let every container read it.
   return open(GENERIC_READ);
}

}  // namespace

// The file stays open, so that nobody changes or replaces it.
host::Result<RunnerProgram> RunnerProgram::open(const fs::path& file) {
   const std::string reinstall = "Install the console again, so that '" + file.string() + "' is its own.";
   if (!file.is_absolute()) return refused(file, "its path is not absolute", reinstall);
   if (const auto trusted = host::distrust_directory(file.parent_path()); !trusted) {
      return refused(file, "its directory is not safe. " + trusted.finding().summary, trusted.finding().remedy);
   }
   Handle opened = open_held(file);
   if (!opened) {
      return refused(file, std::system_category().message(static_cast<int>(::GetLastError())), reinstall);
   }
   if (const auto trusted = host::read_trusted_file(file, kMostBytes); !trusted) {
      return refused(file, trusted.finding().summary, trusted.finding().remedy);
   }
   return RunnerProgram(std::move(opened), file);
}

}  // namespace msp::isolation
