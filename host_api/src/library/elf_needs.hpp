// elf_needs.hpp - what the system's loader would load along with a library, which nobody approved.
#pragma once

#include <string>
#include <vector>

#include "library/elf_symbols.hpp"

namespace msp::host {

struct ElfNeeds {
   std::vector<std::string> libraries;  // by the names that the loader searches them by
   std::vector<std::string> places;     // absolute directories where it searches them first
};

// Refuses a library that brings others from where anybody may put them, and one that needs a runtime that must be there
// before the program starts (a sanitizer's), unless this program has it.
Result<ElfNeeds> read_needs(const ElfImage& image, const ElfSymbols& symbols);

}  // namespace msp::host
