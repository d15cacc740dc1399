#include "sim/scratch_directory.hpp"

#include <stdlib.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace msp::sim {

ScratchDirectory::ScratchDirectory() {
   std::string pattern = (std::filesystem::temp_directory_path() / "msp-sim-XXXXXX").string();
   if (mkdtemp(pattern.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), "No scratch directory could be made");
   path_ = pattern;
}

ScratchDirectory::~ScratchDirectory() {
   std::error_code ignored;
   std::filesystem::remove_all(path_, ignored);
}

}  // namespace msp::sim
