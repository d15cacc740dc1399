// scratch_directory.hpp - a directory for a while.
#pragma once

#include <filesystem>

namespace msp::sim {

// A new, private, empty directory below the system's temporary one; removed with all its content at the end.
class ScratchDirectory {
 public:
   ScratchDirectory();
   ~ScratchDirectory();
   ScratchDirectory(const ScratchDirectory&) = delete;
   ScratchDirectory& operator=(const ScratchDirectory&) = delete;

   const std::filesystem::path& path() const { return path_; }

 private:
   std::filesystem::path path_;
};

}  // namespace msp::sim
