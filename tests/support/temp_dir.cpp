#include "test_support/temp_dir.hpp"

#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>

namespace test_support {
namespace fs = std::filesystem;

TempDir::TempDir() {
   std::random_device random;
   do {
      path_ = fs::temp_directory_path() / ("msp-test-" + std::to_string(random()) + "-" + std::to_string(random()));
   } while (!fs::create_directory(path_));
   fs::permissions(path_, fs::perms::owner_all);
}

TempDir::~TempDir() {
   std::error_code
       ignored;  // a test may have taken its own rights away; what is left is in the system's temporary place
   for (fs::recursive_directory_iterator it(path_, ignored), end; it != end && !ignored; it.increment(ignored)) {
      if (it->symlink_status(ignored).type() == fs::file_type::directory) {
         fs::permissions(it->path(), fs::perms::owner_all, ignored);
      }
   }
   fs::remove_all(path_, ignored);
}

std::string read_file(const fs::path& file) {
   std::ifstream in(file, std::ios::binary);
   if (!in) throw std::runtime_error("cannot read " + file.string());
   return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_file(const fs::path& file, std::string_view bytes) {
   fs::create_directories(file.parent_path());
   std::ofstream out(file, std::ios::binary | std::ios::trunc);
   out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
   out.close();
   if (!out) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace test_support
