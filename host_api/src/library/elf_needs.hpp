// elf_needs.hpp - what the system's loader would load along with a library, which nobody approved.
#pragma once

#include <string>
#include <vector>

#include "library/elf_symbols.hpp"

namespace msp::host {

// Throws Finding for a library that brings others from where anybody may put them, and for one that needs a runtime
// that must be there before the program starts (a sanitizer's), unless this program has it.
void check_needs(const ElfDynamic& dynamic, const ElfSymbols& symbols);

// The names that it needs, and the absolute directories where the loader looks for them first. REQUIRES: check_needs().
std::vector<std::string> needed_libraries(const ElfDynamic& dynamic, const ElfSymbols& symbols);
std::vector<std::string> search_places(const ElfDynamic& dynamic, const ElfSymbols& symbols);

}  // namespace msp::host
