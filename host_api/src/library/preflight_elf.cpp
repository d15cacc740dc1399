// What the system's loader will do with an ELF library, followed with every offset checked. Section headers are used
// only to notice that the file's end is missing: the loader itself never looks at them.
#include "library/elf_loading.hpp"
#include "library/elf_needs.hpp"
#include "library/preflight.hpp"
#include "library/preflight_problem.hpp"
#include "msp/plugin.h"

namespace msp::host {
namespace {

// Throws Finding.
class ElfLibrary {
 public:
   using Symbol = elf::Symbol;

   explicit ElfLibrary(std::span<const std::byte> bytes)
       : image_(bytes), dynamic_(image_), symbols_(image_, dynamic_) {}

   [[nodiscard]] std::optional<Symbol> find(std::string_view name) const { return symbols_.find(name); }

   void check_entry(const Symbol& entry) const {
      const elf::Segment* segment = image_.segment_of(entry.value);
      if (elf::type(entry) != elf::kTypeFunction || segment == nullptr ||
          (segment->flags & elf::kSegmentExecutable) == 0) {
         throw entry_is_no_function();
      }
   }

   [[nodiscard]] std::string_view manifest_text(const Symbol& manifest) const {
      const elf::Segment* segment = image_.readable_segment_of(manifest.value);
      if (segment == nullptr || (segment->flags & elf::kSegmentWritable) != 0) throw manifest_writable();
      const std::uint64_t offset = segment->offset + (manifest.value - segment->address);
      const auto text = image_.file().text(offset, MSP_MANIFEST_MAX, segment->offset + segment->file_size);
      if (!text) throw manifest_endless();
      return *text;
   }

   void check_rest() const {
      check_loading(image_, dynamic_, symbols_);
      check_needs(dynamic_, symbols_);
   }

   [[nodiscard]] std::vector<std::string> libraries() const { return needed_libraries(dynamic_, symbols_); }
   [[nodiscard]] std::vector<std::string> places() const { return search_places(dynamic_, symbols_); }

 private:
   ElfImage image_;
   ElfDynamic dynamic_;
   ElfSymbols symbols_;
};

// Throws Finding.
Preflight inspect(const ElfLibrary& library) {
   const auto manifest = library.find(MSP_MANIFEST_SYMBOL);
   const auto entry = library.find(MSP_ENTRY_SYMBOL);
   if (!manifest || !entry) throw exports_missing({manifest.has_value(), entry.has_value()});
   library.check_entry(*entry);
   const std::string_view text = library.manifest_text(*manifest);
   library.check_rest();
   return {text, library.libraries(), library.places()};
}

}  // namespace

Result<Preflight> preflight_elf(std::span<const std::byte> bytes) {
   try {
      return inspect(ElfLibrary(bytes));
   } catch (const Finding& problem) {
      return problem;
   }
}

}  // namespace msp::host
