// temp_dir.hpp - a directory of a test's own, and whole files in one call.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace test_support {

// Made empty, private to this user, and removed with all that is in it. No two live ones are the same.
class TempDir {
 public:
   TempDir();
   ~TempDir();
   TempDir(const TempDir&) = delete;
   TempDir& operator=(const TempDir&) = delete;

   [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
   std::filesystem::path path_;
};

// Both throw std::runtime_error naming the file. write_file makes missing directories.
std::string read_file(const std::filesystem::path& file);
void write_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace test_support
