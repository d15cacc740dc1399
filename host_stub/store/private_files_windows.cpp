#include <windows.h>

#include <fstream>
#include <iterator>
#include <system_error>

#include "msp/host/private_files.hpp"
#include "store/private_files.hpp"

// The data directory lies in the user's local profile, which other users cannot open, and what is secret in it is
// sealed by DPAPI: access lists of single files would add nothing.
namespace msp::console {
namespace {

host::Finding system_problem(const std::error_code& error, const std::string& what, const std::filesystem::path& path) {
   return {"host.storage", what + " \"" + path.string() + "\" (system error " + std::to_string(error.value()) + ").",
           "Make sure that the directory exists, belongs to you and has space left, then try again."};
}

host::Finding system_problem(const std::string& what, const std::filesystem::path& path) {
   return system_problem({static_cast<int>(::GetLastError()), std::system_category()}, what, path);
}

}  // namespace

host::Result<void> make_private_directory(const std::filesystem::path& directory) {
   std::filesystem::path failed;
   if (const auto error = host::make_private_directories(directory, failed)) {
      return system_problem(error, "The data directory cannot be created:", failed);
   }
   if (!std::filesystem::is_directory(directory)) {
      return host::Finding{"host.storage", "The data directory \"" + directory.string() + "\" is not a directory.",
                           "Choose another one with --data-dir."};
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
   const auto error = host::write_private_file(file, content, host::Access::read_and_write, host::IfThere::leave);
   if (error.value() == ERROR_ALREADY_EXISTS || error.value() == ERROR_FILE_EXISTS) return false;
   if (error) return system_problem(error, "This file cannot be written:", file);
   return true;
}

host::Result<void> replace_private_file(const std::filesystem::path& by, const std::filesystem::path& file) {
   if (const auto error = host::replace_private_file(by, file)) {
      return system_problem(error, "This file cannot be replaced:", file);
   }
   return {};
}

host::Result<void> remove_private_file(const std::filesystem::path& file) {
   if (const auto error = host::remove_private_file(file)) {
      return system_problem(error, "This file cannot be removed:", file);
   }
   return {};
}

}  // namespace msp::console
