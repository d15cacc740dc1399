// elf_loading.hpp - what the system's loader follows in a library before any code of it runs.
#pragma once

#include "library/elf_symbols.hpp"

namespace msp::host {

// The loader believes every number it reads here, so that a damaged one kills the process instead of failing dlopen.
// Throws Finding for names, relocations and functions that lie where nothing is.
void check_loading(const ElfImage& image, const ElfDynamic& dynamic, const ElfSymbols& symbols);

}  // namespace msp::host
