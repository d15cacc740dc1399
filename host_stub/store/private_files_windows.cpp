#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>

#include <fstream>
#include <iterator>

#include "store/private_files.hpp"

// The data directory lies in the user's local profile, which other users cannot open, and what is secret in it is
// sealed by DPAPI: access lists of single files would add nothing.
namespace msp::console {
namespace {

host::Finding system_problem(const std::string& what, const std::filesystem::path& path) {
   return {"host.storage", what + " \"" + path.string() + "\" (system error " + std::to_string(::GetLastError()) + ").",
           "Make sure that the directory exists, belongs to you and has space left, then try again."};
}

}  // namespace

host::Result<void> make_private_directory(const std::filesystem::path& directory) {
   std::error_code error;
   std::filesystem::create_directories(directory, error);
   if (!std::filesystem::is_directory(directory)) {
      return system_problem("The data directory cannot be created:", directory);
   }
   return {};
}

host::Result<void> make_file_private(const std::filesystem::path& file) {
   if (!std::filesystem::is_regular_file(file)) return system_problem("This file cannot be read:", file);
   return {};
}

host::Result<std::optional<host::SecretBytes>> read_private_file(const std::filesystem::path& file, Links) {
   std::ifstream stream(file, std::ios::binary);
   if (!stream) {
      if (!std::filesystem::exists(file)) return std::optional<host::SecretBytes>{};
      return system_problem("The key file cannot be read:", file);
   }
   std::string content{std::istreambuf_iterator<char>(stream), {}};
   return std::optional<host::SecretBytes>{host::SecretBytes::take(content)};
}

host::Result<bool> create_private_file(const std::filesystem::path& file, std::string_view content) {
   std::filesystem::path temporary = file;
   temporary += "." + std::to_string(::GetCurrentProcessId());
   {
      std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
      stream.write(content.data(), static_cast<std::streamsize>(content.size()));
      if (!stream.flush()) return system_problem("This file cannot be written:", file);
   }
   if (::MoveFileExW(temporary.c_str(), file.c_str(), MOVEFILE_WRITE_THROUGH)) return true;
   const DWORD error = ::GetLastError();
   ::DeleteFileW(temporary.c_str());
   if (error == ERROR_ALREADY_EXISTS || error == ERROR_FILE_EXISTS) return false;
   ::SetLastError(error);
   return system_problem("This file cannot be written:", file);
}

host::Result<void> replace_private_file(const std::filesystem::path& by, const std::filesystem::path& file) {
   if (::MoveFileExW(by.c_str(), file.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) return {};
   return system_problem("This file cannot be replaced:", file);
}

host::Result<void> remove_private_file(const std::filesystem::path& file) {
   if (::DeleteFileW(file.c_str()) || ::GetLastError() == ERROR_FILE_NOT_FOUND) return {};
   return system_problem("This file cannot be removed:", file);
}

}  // namespace msp::console
