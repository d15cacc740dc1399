#include "elf_loading.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "elf_versions.hpp"

namespace msp::host {
namespace {

constexpr std::uint64_t kRelative = kOwnMachine == Machine::aarch64 ? elf::kRelativeAarch64 : elf::kRelativeX86_64;

class Loading {
 public:
   Loading(const ElfImage& image, const ElfDynamic& dynamic, const ElfSymbols& symbols)
       : image_(image),
         dynamic_(dynamic),
         symbols_(symbols),
         functions_{{{dynamic.value(elf::kDynamicInitArray), dynamic.value(elf::kDynamicInitArraySize)},
                     {dynamic.value(elf::kDynamicFiniArray), dynamic.value(elf::kDynamicFiniArraySize)}}} {}

   void check() const {
      check_companions();
      check_names();
      check_versions(image_, dynamic_, symbols_);
      check_relocations();
      check_functions();
   }

 private:
   // The loader takes the second for granted where there is the first.
   void check_companions() const {
      constexpr std::pair<std::int64_t, std::int64_t> kCompanions[] = {
          {elf::kDynamicRelocations, elf::kDynamicRelocationsSize},
          {elf::kDynamicRelocations, elf::kDynamicRelocationSize},
          {elf::kDynamicPltRelocations, elf::kDynamicPltRelocationsSize},
          {elf::kDynamicPltRelocations, elf::kDynamicPltRelocationsKind},
          {elf::kDynamicInitArray, elf::kDynamicInitArraySize},
          {elf::kDynamicFiniArray, elf::kDynamicFiniArraySize},
      };
      for (const auto& [tag, companion] : kCompanions) {
         if (dynamic_.has(tag) && !dynamic_.has(companion)) throw file_damaged("dynamic section");
      }
   }

   void check_names() const {
      const auto require = [&](std::uint64_t name) {
         if (name >= symbols_.strings_size()) throw file_damaged("table of names");
      };
      for (const elf::Dynamic& entry : dynamic_.entries()) {
         if (entry.tag == elf::kDynamicNeeded || entry.tag == elf::kDynamicName || entry.tag == elf::kDynamicPath ||
             entry.tag == elf::kDynamicRunPath) {
            require(entry.value);
         }
      }
      for (std::uint64_t i = 0; i < symbols_.count(); ++i) require(symbols_.at(i).name);
   }

   void check_relocations() const {
      const bool size_is_known = !dynamic_.has(elf::kDynamicRelocationSize) ||
                                 dynamic_.value(elf::kDynamicRelocationSize) == sizeof(elf::Relocation);
      const bool kind_is_known =
          !dynamic_.has(elf::kDynamicPltRelocationsKind) ||
          dynamic_.value(elf::kDynamicPltRelocationsKind) == std::uint64_t{elf::kDynamicRelocations};
      if (!size_is_known || !kind_is_known) throw relocations_damaged();
      check_relocations(dynamic_.value(elf::kDynamicRelocations), dynamic_.value(elf::kDynamicRelocationsSize),
                        dynamic_.value(elf::kDynamicRelativeCount));
      check_relocations(dynamic_.value(elf::kDynamicPltRelocations), dynamic_.value(elf::kDynamicPltRelocationsSize),
                        0);
   }

   // The first `relative` ones must be of that kind: the loader does not ask.
   void check_relocations(std::uint64_t table, std::uint64_t size, std::uint64_t relative) const {
      if (size == 0) return;
      const bool into_code = (dynamic_.value(elf::kDynamicFlags) & elf::kFlagTextRelocations) != 0 ||
                             dynamic_.has(elf::kDynamicTextRelocations);
      const std::uint32_t flags = into_code ? 0 : elf::kSegmentWritable;
      const std::uint64_t first = image_.offset_of(table, size);
      for (std::uint64_t i = 0; i < size / sizeof(elf::Relocation); ++i) {
         const auto relocation = image_.file().read<elf::Relocation>(first + i * sizeof(elf::Relocation));
         const bool is_relative = elf::type(relocation) == kRelative;
         const bool has_target = elf::type(relocation) != 0;
         if ((i < relative && !is_relative) ||
             (has_target && !image_.in_memory(relocation.address, sizeof(std::uint64_t), flags)) ||
             (elf::symbol(relocation) != 0 && elf::symbol(relocation) >= symbols_.count())) {
            throw relocations_damaged();
         }
         if (is_relative && in_functions(relocation.address)) {
            require_memory(static_cast<std::uint64_t>(relocation.addend), 1, elf::kSegmentExecutable);
         }
      }
   }

   static Problem relocations_damaged() { return file_damaged("list of relocations"); }

   // Called one after the other, before dlopen and at the end of the process.
   void check_functions() const {
      for (const std::int64_t tag : {elf::kDynamicInit, elf::kDynamicFini}) {
         if (dynamic_.has(tag)) require_memory(dynamic_.value(tag), 1, elf::kSegmentExecutable);
      }
      for (const auto& [begin, size] : functions_) {
         if (size == 0) continue;
         if (size % sizeof(std::uint64_t) != 0) throw functions_damaged();
         require_memory(begin, size, elf::kSegmentWritable);
      }
   }

   [[nodiscard]] bool in_functions(std::uint64_t address) const {
      return std::ranges::any_of(functions_, [address](const Range& range) {
         return address >= range.begin && address - range.begin < range.size;
      });
   }

   void require_memory(std::uint64_t address, std::uint64_t size, std::uint32_t flags) const {
      if (!image_.in_memory(address, size, flags)) throw functions_damaged();
   }

   static Problem functions_damaged() { return file_damaged("list of functions to begin and end with"); }

   struct Range {
      std::uint64_t begin;
      std::uint64_t size;
   };

   const ElfImage& image_;
   const ElfDynamic& dynamic_;
   const ElfSymbols& symbols_;
   const std::array<Range, 2> functions_;  // looked at with every relocation
};

}  // namespace

void check_loading(const ElfImage& image, const ElfDynamic& dynamic, const ElfSymbols& symbols) {
   Loading(image, dynamic, symbols).check();
}

}  // namespace msp::host
