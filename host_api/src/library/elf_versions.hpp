// elf_versions.hpp - which versions of names an ELF library needs and has.
#pragma once

#include "library/elf_symbols.hpp"

namespace msp::host {

// Throws Finding for lists that lead out of the library, and for versions that no list names.
void check_versions(const ElfImage& image, const ElfDynamic& dynamic, const ElfSymbols& symbols);

}  // namespace msp::host
