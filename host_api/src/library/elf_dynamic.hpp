// elf_dynamic.hpp - where an ELF library says what the system's loader shall do with it.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "library/elf_image.hpp"

namespace msp::host {

// The library's dynamic section, by tag. Throws Finding.
class ElfDynamic {
 public:
   explicit ElfDynamic(const ElfImage& image);

   [[nodiscard]] const std::vector<elf::Dynamic>& entries() const noexcept { return entries_; }

   // The value of the last entry with that tag, which is the one that the system's loader takes; 0 without one.
   [[nodiscard]] std::uint64_t value(std::int64_t tag) const noexcept;
   [[nodiscard]] bool has(std::int64_t tag) const noexcept;

 private:
   std::vector<elf::Dynamic> entries_;
   std::unordered_map<std::int64_t, std::uint64_t> values_;  // asked for with every symbol and relocation
};

}  // namespace msp::host
