#include "sim/scratch_directory.hpp"

#include <cstdint>
#include <random>
#include <string>

namespace msp::sim {

ScratchDirectory::ScratchDirectory() {
   std::random_device random;
   do {
      path_ =
          std::filesystem::temp_directory_path() / ("msp-sim-" + std::to_string(random()) + std::to_string(random()));
   } while (!std::filesystem::create_directory(path_));
   std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
}

ScratchDirectory::~ScratchDirectory() {
   std::error_code ignored;
   std::filesystem::remove_all(path_, ignored);
}

}  // namespace msp::sim
