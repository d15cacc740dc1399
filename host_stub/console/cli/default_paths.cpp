#include "default_paths.hpp"

#include <cstdlib>

#include "usage_error.hpp"

namespace msp::console {
namespace {

std::filesystem::path environment(const char* name) {
   const char* value = std::getenv(name);
   return value ? value : "";
}

// Found through the system where it tells, because argv[0] may be a bare name.
std::filesystem::path program_file(const std::string& program) {
   std::error_code error;
   std::filesystem::path file = std::filesystem::read_symlink("/proc/self/exe", error);
   return error ? std::filesystem::absolute(program, error) : file;
}

}  // namespace

std::filesystem::path default_plugin_dir(const std::string& program) {
   std::error_code error;
   std::filesystem::path beside = program_file(program).parent_path().parent_path() / "plugins";
   if (std::filesystem::is_directory(beside, error)) return beside;
#if defined(_WIN32)
   return program_file(program).parent_path() / "plugins";
#else
   return "/usr/lib/msp/plugins";
#endif
}

std::filesystem::path default_data_dir() {
#if defined(_WIN32)
   const std::filesystem::path base = environment("LOCALAPPDATA");
#else
   std::filesystem::path base = environment("XDG_DATA_HOME");
   if (!base.is_absolute()) {
      base = environment("HOME");
      if (!base.empty()) base = base / ".local" / "share";
   }
#endif
   if (base.empty()) {
      throw UsageError("The environment does not say where this user's data lies.",
                       "Name a directory with --data-dir.");
   }
   return base / "msp-console";
}

}  // namespace msp::console
