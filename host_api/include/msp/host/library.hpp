// msp/host/library.hpp - what a plugin file shows without being loaded. Runs no line of it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "msp/host/result.hpp"

namespace msp::host {

struct LibraryFacts {
   std::string manifest;                      // the embedded text
   std::vector<std::string> libraries;        // that the system loads along, by the names it searches them by
   std::vector<std::string> surplus_exports;  // besides the two of the contract; not known for Windows
   std::vector<std::string> soft_spots;       // "a stack that code runs on", ...; not known for Windows
};

// Why there are none: a finding of the codes "plugin.defect", "plugin.incompatible" or "host.storage". [any-thread]
Result<LibraryFacts> read_library(const std::filesystem::path& file);

}  // namespace msp::host
