#include "elf_dynamic.hpp"

#include <algorithm>

namespace msp::host {

ElfDynamic::ElfDynamic(const ElfImage& image) {
   const elf::Segment& section = image.dynamic_section();
   for (std::uint64_t at = 0; at + sizeof(elf::Dynamic) <= section.file_size; at += sizeof(elf::Dynamic)) {
      entries_.push_back(image.file().read<elf::Dynamic>(section.offset + at));
      if (entries_.back().tag != elf::kDynamicEnd) continue;
      if ((value(elf::kDynamicFlags1) & elf::kFlag1Pie) != 0) throw file_is_program();
      return;
   }
   throw file_damaged("dynamic section");
}

std::uint64_t ElfDynamic::value(std::int64_t tag) const noexcept {
   std::uint64_t value = 0;
   for (const elf::Dynamic& entry : entries_) {
      if (entry.tag == tag) value = entry.value;
   }
   return value;
}

bool ElfDynamic::has(std::int64_t tag) const noexcept {
   return std::any_of(entries_.begin(), entries_.end(), [tag](const elf::Dynamic& entry) { return entry.tag == tag; });
}

}  // namespace msp::host
