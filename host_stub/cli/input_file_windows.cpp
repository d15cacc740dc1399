#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/input_file.hpp"
#include "cli/usage_error.hpp"

namespace msp::console {

std::string read_input_file(const std::string& path, const std::string& what, std::size_t largest,
                            std::chrono::milliseconds) {
   constexpr std::size_t kPiece = std::size_t{64} * 1024;
   const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
   if (!file) {
      throw UsageError(what + " cannot be opened.", "Make sure that it is there and that you may read it.");
   }
   std::string content;
   content.reserve((largest < kPiece ? largest : kPiece) + 1);
   for (std::size_t size = 0;;) {
      content.resize(size + kPiece < largest + 1 ? size + kPiece : largest + 1);
      size += std::fread(content.data() + size, 1, content.size() - size, file.get());
      if (std::ferror(file.get()) != 0) {
         throw UsageError(what + " cannot be read.", "Make sure that you may read it.");
      }
      if (size > largest || std::feof(file.get()) != 0) {
         content.resize(size);
         return content;
      }
   }
}

host::Result<void> judge_plain_file(const std::string& path) {
   std::error_code error;
   const auto status = std::filesystem::status(path, error);
   if (std::filesystem::is_regular_file(status)) return {};
   const bool exists = std::filesystem::exists(status);
   const bool is_directory = std::filesystem::is_directory(status);
   return host::Finding{"usage",
                        !exists        ? "does not exist"
                        : is_directory ? "is a directory"
                                       : "is not a plain file",
                        {}};
}

host::Result<void> judge_appending(const std::string&) { return {}; }

}  // namespace msp::console
