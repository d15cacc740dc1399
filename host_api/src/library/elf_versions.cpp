#include "library/elf_versions.hpp"

#include <algorithm>

namespace msp::host {
namespace {

// Lists within lists, each entry naming the next one by the distance to it; the last one says 0.
class Versions {
 public:
   Versions(const ElfImage& image, const ElfDynamic& dynamic, const ElfSymbols& symbols)
       : image_(image), dynamic_(dynamic), symbols_(symbols) {}

   void check() {
      const std::uint64_t needed = dynamic_.value(elf::kDynamicVersionsNeeded);
      const std::uint64_t defined = dynamic_.value(elf::kDynamicVersionsDefined);
      const std::uint64_t of_symbols = dynamic_.value(elf::kDynamicVersions);
      require((of_symbols != 0) == (needed != 0 || defined != 0));
      if (of_symbols == 0) return;
      if (needed != 0) read_needed(needed);
      if (defined != 0) read_defined(defined);
      const std::uint64_t table = image_.offset_of(of_symbols, symbols_.count() * sizeof(std::uint16_t));
      for (std::uint64_t i = 0; i < symbols_.count(); ++i) {
         const auto index = image_.file().read<std::uint16_t>(table + i * sizeof(std::uint16_t));
         require((index & elf::kVersionIndex) <= highest_);
      }
   }

 private:
   static void require(bool sound) {
      if (!sound) throw file_damaged("list of versions");
   }

   template <class T>
   T read(std::uint64_t address) const {
      return image_.file().read<T>(image_.offset_of(address, sizeof(T)));
   }

   void count(std::uint16_t index) {
      highest_ = std::max(highest_, static_cast<std::uint16_t>(index & elf::kVersionIndex));
   }

   // Lists may share entries, so that following all of them takes longer than the file is.
   void step() { require(++steps_ <= kMostSteps); }

   void read_needed(std::uint64_t at) {
      for (;;) {
         step();
         const auto library = read<elf::VersionsNeeded>(at);
         require(is_needed(library.file));
         for (std::uint64_t version_at = at + library.first;;) {
            step();
            const auto version = read<elf::VersionNeeded>(version_at);
            require(version.name < symbols_.strings_size());
            count(version.index);
            if (version.next == 0) break;
            version_at += version.next;
         }
         if (library.next == 0) return;
         at += library.next;
      }
   }

   // The loader looks for the library among those that it has loaded for this one, and ends the process without it.
   bool is_needed(std::uint64_t name) const {
      return std::any_of(dynamic_.entries().begin(), dynamic_.entries().end(), [&](const elf::Dynamic& entry) {
         return entry.tag == elf::kDynamicNeeded && symbols_.is_text(name, symbols_.text(entry.value));
      });
   }

   void read_defined(std::uint64_t at) {
      for (;;) {
         step();
         const auto version = read<elf::VersionDefined>(at);
         require(read<std::uint32_t>(at + version.name) < symbols_.strings_size());
         count(version.index);
         if (version.next == 0) return;
         at += version.next;
      }
   }

   const ElfImage& image_;
   const ElfDynamic& dynamic_;
   const ElfSymbols& symbols_;
   static constexpr std::size_t kMostSteps = 65'536;  // the indices of versions have 15 bits
   std::size_t steps_ = 0;
   std::uint16_t highest_ = 0;
};

}  // namespace

void check_versions(const ElfImage& image, const ElfDynamic& dynamic, const ElfSymbols& symbols) {
   Versions(image, dynamic, symbols).check();
}

}  // namespace msp::host
