#include "library/elf_loading.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "library/elf_versions.hpp"

namespace msp::host {
namespace {

constexpr std::uint64_t kByResolver =
    kOwnMachine == Machine::aarch64 ? elf::kByResolverAarch64 : elf::kByResolverX86_64;
constexpr std::uint64_t kRelative = kOwnMachine == Machine::aarch64 ? elf::kRelativeAarch64 : elf::kRelativeX86_64;

class Loading {
 public:
   Loading(const ElfImage& image, const ElfDynamic& dynamic, const ElfSymbols& symbols)
       : image_(image),
         dynamic_(dynamic),
         symbols_(symbols),
         functions_{Functions(dynamic, elf::kDynamicInitArray, elf::kDynamicInitArraySize),
                    Functions(dynamic, elf::kDynamicFiniArray, elf::kDynamicFiniArraySize)} {}

   void check() {
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
          {elf::kDynamicPackedRelocations, elf::kDynamicPackedRelocationsSize},
          {elf::kDynamicPackedRelocations, elf::kDynamicPackedRelocationSize},
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

   void check_relocations() {
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
      check_packed_relocations();
   }

   // The first `relative` ones must be of that kind: the loader does not ask.
   void check_relocations(std::uint64_t table, std::uint64_t size, std::uint64_t relative) {
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
         // The loader calls what the addend names, to learn the address.
         const bool by_resolver = elf::type(relocation) == kByResolver;
         const bool is_function = has_target && note_function(relocation.address);
         if (by_resolver || (is_function && is_relative)) {
            require_memory(static_cast<std::uint64_t>(relocation.addend), 1, elf::kSegmentExecutable);
         }
      }
   }

   // Relative ones in little space: an address, then maps of which of the 63 words behind are meant, too.
   void check_packed_relocations() {
      const std::uint64_t size = dynamic_.value(elf::kDynamicPackedRelocationsSize);
      if (size == 0) return;
      if (dynamic_.value(elf::kDynamicPackedRelocationSize) != sizeof(std::uint64_t)) throw relocations_damaged();
      const std::uint64_t first = image_.offset_of(dynamic_.value(elf::kDynamicPackedRelocations), size);
      std::uint64_t next = 0;
      std::uint64_t lowest = 0;
      const auto check_one = [&](std::uint64_t address) {
         // In rising order, as linkers write them: then following them takes no longer than the file is.
         if (address < lowest) throw relocations_damaged();
         lowest = address + sizeof(std::uint64_t);
         if (!image_.in_memory(address, sizeof(std::uint64_t), elf::kSegmentWritable | elf::kSegmentReadable)) {
            throw relocations_damaged();
         }
         const auto value = image_.file().read<std::uint64_t>(image_.offset_of(address, sizeof(std::uint64_t)));
         if (note_function(address)) require_memory(value, 1, elf::kSegmentExecutable);
      };
      for (std::uint64_t i = 0; i < size / sizeof(std::uint64_t); ++i) {
         auto entry = image_.file().read<std::uint64_t>(first + i * sizeof(std::uint64_t));
         if ((entry & 1U) == 0) {
            check_one(entry);
            next = entry + sizeof(std::uint64_t);
            continue;
         }
         for (std::uint64_t at = next; (entry >>= 1U) != 0; at += sizeof(std::uint64_t)) {
            if ((entry & 1U) != 0) check_one(at);
         }
         next += 63 * sizeof(std::uint64_t);
      }
   }

   static Finding relocations_damaged() { return file_damaged("list of relocations"); }

   // Called one after the other, before dlopen and at the end of the process.
   void check_functions() const {
      for (const std::int64_t tag : {elf::kDynamicInit, elf::kDynamicFini}) {
         if (dynamic_.has(tag)) require_memory(dynamic_.value(tag), 1, elf::kSegmentExecutable);
      }
      for (const Functions& functions : functions_) {
         if (functions.size == 0) continue;
         if (functions.size % sizeof(std::uint64_t) != 0) throw functions_damaged();
         require_memory(functions.begin, functions.size, elf::kSegmentWritable | elf::kSegmentReadable);
         // One that no relocation makes an address is called where the file says, which is nowhere.
         if (functions.noted.size() != functions.size / sizeof(std::uint64_t)) throw functions_damaged();
      }
   }

   // Whether the address is that of a function to begin or end with; remembers that it is relocated.
   bool note_function(std::uint64_t address) {
      for (Functions& functions : functions_) {
         if (address < functions.begin || address - functions.begin >= functions.size) continue;
         if ((address - functions.begin) % sizeof(std::uint64_t) != 0) throw functions_damaged();
         functions.noted.insert(address);
         return true;
      }
      return false;
   }

   void require_memory(std::uint64_t address, std::uint64_t size, std::uint32_t flags) const {
      if (!image_.in_memory(address, size, flags)) throw functions_damaged();
   }

   static Finding functions_damaged() { return file_damaged("list of functions to begin and end with"); }

   struct Functions {
      Functions(const ElfDynamic& dynamic, std::int64_t tag, std::int64_t size_tag)
          : begin(dynamic.value(tag)), size(dynamic.value(size_tag)) {}
      std::uint64_t begin;
      std::uint64_t size;
      std::unordered_set<std::uint64_t> noted;  // those that a relocation makes an address
   };

   const ElfImage& image_;
   const ElfDynamic& dynamic_;
   const ElfSymbols& symbols_;
   std::array<Functions, 2> functions_;  // looked at with every relocation
};

}  // namespace

void check_loading(const ElfImage& image, const ElfDynamic& dynamic, const ElfSymbols& symbols) {
   Loading(image, dynamic, symbols).check();
}

}  // namespace msp::host
