// An ELF library, every offset checked. Section headers are used only to notice that the file's end is missing: the
// system's loader itself never looks at them. Whether that loader can load the library is not foretold here: it tries
// in the plugin's own process, whose end is a finding.
#include "library/elf_needs.hpp"
#include "library/preflight.hpp"
#include "library/preflight_problem.hpp"
#include "msp/plugin.h"

namespace msp::host {
namespace {

bool is_function(const ElfImage& image, const elf::Symbol& symbol) {
   const elf::Segment* segment = image.segment_of(symbol.value);
   return elf::type(symbol) == elf::kTypeFunction && segment != nullptr &&
          (segment->flags & elf::kSegmentExecutable) != 0;
}

Result<std::string_view> manifest_text(const ElfImage& image, const elf::Symbol& symbol) {
   const elf::Segment* segment = image.readable_segment_of(symbol.value);
   if (segment == nullptr || (segment->flags & elf::kSegmentWritable) != 0) return manifest_writable();
   const std::uint64_t offset = segment->offset + (symbol.value - segment->address);
   const auto text = image.file().text(offset, MSP_MANIFEST_MAX, segment->offset + segment->file_size);
   if (!text) return manifest_endless();
   return *text;
}

}  // namespace

Result<Preflight> preflight_elf(std::span<const std::byte> bytes) {
   const auto image = ElfImage::read(bytes);
   if (!image) return image.finding();
   const auto symbols = ElfSymbols::read(image.value());
   if (!symbols) return symbols.finding();
   const auto manifest = symbols.value().find(MSP_MANIFEST_SYMBOL);
   const auto entry = symbols.value().find(MSP_ENTRY_SYMBOL);
   if (!manifest || !entry) return exports_missing({manifest.has_value(), entry.has_value()});
   if (!is_function(image.value(), *entry)) return entry_is_no_function();
   const auto text = manifest_text(image.value(), *manifest);
   if (!text) return text.finding();
   auto needs = read_needs(image.value(), symbols.value());
   if (!needs) return needs.finding();
   return Preflight{text.value(), std::move(needs.value().libraries), std::move(needs.value().places)};
}

}  // namespace msp::host
