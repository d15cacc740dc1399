#include "cli/default_paths.hpp"

#if defined(_WIN32)
#include <windows.h>
#endif

#include <cstdlib>
#include <system_error>

#include "cli/usage_error.hpp"

namespace msp::console {
namespace {

std::filesystem::path environment(const char* name) {
   const char* value = std::getenv(name);
   return value ? value : "";
}

}  // namespace

// Found through the system where it tells, because argv[0] may be a bare name.
std::filesystem::path program_file(const std::string& program) {
   std::error_code error;
#if defined(_WIN32)
   std::wstring name(32768, L'\0');
   name.resize(::GetModuleFileNameW(nullptr, name.data(), static_cast<DWORD>(name.size())));
   const std::filesystem::path file = name;
   if (name.empty()) error = std::make_error_code(std::errc::no_such_file_or_directory);
#else
   const std::filesystem::path file = std::filesystem::read_symlink("/proc/self/exe", error);
#endif
   return error ? std::filesystem::absolute(program, error) : file;
}

std::filesystem::path default_plugin_dir(const std::string& program) {
   const std::filesystem::path root = program_file(program).parent_path().parent_path();
   for (const std::filesystem::path& beside : {root / "plugins", root / "lib" / "msp" / "plugins"}) {
      std::error_code error;
      if (std::filesystem::is_directory(beside, error)) return beside;
   }
#if defined(_WIN32)
   return program_file(program).parent_path() / "plugins";
#else
   return "/usr/lib/msp/plugins";
#endif
}

std::filesystem::path default_runner(const std::string& program) {
   const std::filesystem::path directory = program_file(program).parent_path();
   std::error_code error;
#if defined(_WIN32)
   constexpr const char* kName = "msp-plugin-runner.exe";
#else
   constexpr const char* kName = "msp-plugin-runner";
#endif
   const std::filesystem::path installed = directory.parent_path() / "libexec" / "msp" / kName;
   return std::filesystem::exists(installed, error) ? installed : directory / kName;
}

std::filesystem::path default_data_dir() {
#if defined(_WIN32)
   const std::filesystem::path base = environment("LOCALAPPDATA");
#else
   std::filesystem::path base = environment("XDG_DATA_HOME");
   if (!base.is_absolute()) {
      base = environment("HOME");
      base = base.is_absolute() ? base / ".local" / "share" : std::filesystem::path{};
   }
#endif
   if (base.empty()) {
#if defined(_WIN32)
      constexpr const char* kNames = "LOCALAPPDATA is not";
#else
      constexpr const char* kNames = "neither HOME nor XDG_DATA_HOME is";
#endif
      throw UsageError(std::string("The environment does not say where this user's data lies: ") + kNames + " set.",
                       "Name a directory of this user with --data-dir or MSP_CONSOLE_DATA_DIR.");
   }
   return base / "msp-console";
}

std::filesystem::path absolute_path(const std::filesystem::path& path, const std::string& option) {
   std::error_code error;
   std::filesystem::path result = std::filesystem::absolute(path, error);
   if (!error) return result;
   throw UsageError("The working directory is gone or cannot be read (" + error.message() + "), so \"" + path.string() +
                        "\" of " + option + " leads nowhere.",
                    "Go to another directory, or write the whole path.");
}

}  // namespace msp::console
