#include "msp/host/library.hpp"

#include <fstream>
#include <iterator>

#include "library/elf_symbols.hpp"
#include "library/preflight.hpp"
#include "msp/plugin.h"

namespace msp::host {
namespace {

std::vector<std::string> surplus_exports(const ElfImage& image) {
   std::vector<std::string> names;
   const auto symbols = ElfSymbols::read(image);
   if (!symbols) return names;
   for (std::uint64_t i = 0; i < symbols.value().count(); ++i) {
      const elf::Symbol symbol = symbols.value().at(i);
      if (symbol.section == elf::kSectionUndefined || elf::binding(symbol) == elf::kBindingLocal) continue;
      const std::string_view name = symbols.value().text(symbol.name);
      if (name != MSP_MANIFEST_SYMBOL && name != MSP_ENTRY_SYMBOL) names.emplace_back(name);
   }
   return names;
}

// What the linker can close to an attacker and did not.
std::vector<std::string> soft_spots(const ElfImage& image) {
   bool stack_runs_code = true;  // which is what a file without that entry gets
   bool closes_tables = false;
   const auto header = image.file().read<elf::Header>(0).value_or(elf::Header{});
   for (std::uint64_t i = 0; i < header.segment_count; ++i) {
      const auto segment =
          image.file().read<elf::Segment>(header.segments + i * sizeof(elf::Segment)).value_or(elf::Segment{});
      if (segment.type == elf::kSegmentStack) stack_runs_code = (segment.flags & elf::kSegmentExecutable) != 0;
      if (segment.type == elf::kSegmentReadOnlyLater) closes_tables = true;
   }
   bool binds_now = ((image.dynamic_value(elf::kDynamicFlags) & elf::kFlagBindNow) |
                     (image.dynamic_value(elf::kDynamicFlags1) & elf::kFlag1Now)) != 0;
   bool changes_code = (image.dynamic_value(elf::kDynamicFlags) & elf::kFlagTextRelocations) != 0;
   for (const elf::Dynamic& entry : image.dynamic_entries()) {
      binds_now = binds_now || entry.tag == elf::kDynamicBindNow;
      changes_code = changes_code || entry.tag == elf::kDynamicTextRelocations;
   }
   std::vector<std::string> found;
   if (stack_runs_code) found.emplace_back("a stack that code runs on");
   if (!closes_tables || !binds_now) found.emplace_back("tables of functions that stay writable");
   if (changes_code) found.emplace_back("code that is changed when it is loaded");
   return found;
}

}  // namespace

Result<LibraryFacts> read_library(const std::filesystem::path& file) {
   std::ifstream in(file, std::ios::binary);
   const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
   if (!in.is_open() || in.bad())
      return Finding{"host.storage", "The file cannot be read.", "Check that it is there and that you may read it."};
   const auto bytes = std::as_bytes(std::span(text));
   const auto seen = preflight(bytes, kFormatHere);
   if (!seen) return seen.finding();
   LibraryFacts facts{std::string(seen.value().manifest), seen.value().libraries, {}, {}};
   if (kFormatHere != LibraryFormat::elf) return facts;
   if (const auto image = ElfImage::read(bytes)) {
      facts.surplus_exports = surplus_exports(image.value());
      facts.soft_spots = soft_spots(image.value());
   }
   return facts;
}

}  // namespace msp::host
