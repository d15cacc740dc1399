#include "library/elf_dynamic.hpp"

namespace msp::host {

// Linkers make about thirty, and one for each library that is needed.
constexpr std::size_t kMostEntries = 1024;

ElfDynamic::ElfDynamic(const ElfImage& image) {
   const elf::Segment& section = image.dynamic_section();
   for (std::uint64_t at = 0; at + sizeof(elf::Dynamic) <= section.file_size; at += sizeof(elf::Dynamic)) {
      if (entries_.size() == kMostEntries) break;
      entries_.push_back(image.file().read<elf::Dynamic>(section.offset + at));
      values_[entries_.back().tag] = entries_.back().value;
      if (entries_.back().tag != elf::kDynamicEnd) continue;
      if ((value(elf::kDynamicFlags1) & elf::kFlag1Pie) != 0) throw file_is_program();
      return;
   }
   throw file_damaged("dynamic section");
}

std::uint64_t ElfDynamic::value(std::int64_t tag) const noexcept {
   const auto found = values_.find(tag);
   return found == values_.end() ? 0 : found->second;
}

bool ElfDynamic::has(std::int64_t tag) const noexcept { return values_.contains(tag); }

}  // namespace msp::host
