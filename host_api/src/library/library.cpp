#include "msp/host/library.hpp"

#include <fstream>
#include <iterator>

#include "library/elf_symbols.hpp"
#include "library/preflight.hpp"
#include "msp/plugin.h"

namespace msp::host {
namespace {

#if defined(_WIN32)
constexpr LibraryFormat kFormat = LibraryFormat::pe;
#else
constexpr LibraryFormat kFormat = LibraryFormat::elf;
#endif

std::vector<std::string> surplus_exports(std::span<const std::byte> bytes) {
   std::vector<std::string> names;
   if (kFormat != LibraryFormat::elf) return names;
   const auto image = ElfImage::read(bytes);
   if (!image) return names;
   const auto symbols = ElfSymbols::read(image.value());
   if (!symbols) return names;
   for (std::uint64_t i = 0; i < symbols.value().count(); ++i) {
      const elf::Symbol symbol = symbols.value().at(i);
      if (symbol.section == elf::kSectionUndefined || elf::binding(symbol) == elf::kBindingLocal) continue;
      const std::string_view name = symbols.value().text(symbol.name);
      if (name != MSP_MANIFEST_SYMBOL && name != MSP_ENTRY_SYMBOL) names.emplace_back(name);
   }
   return names;
}

}  // namespace

Result<LibraryFacts> read_library(const std::filesystem::path& file) {
   std::ifstream in(file, std::ios::binary);
   const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
   if (!in.is_open() || in.bad())
      return Finding{"host.storage", "The file cannot be read.", "Check that it is there and that you may read it."};
   const auto bytes = std::as_bytes(std::span(text));
   const auto seen = preflight(bytes, kFormat);
   if (!seen) return seen.finding();
   return LibraryFacts{std::string(seen.value().manifest), seen.value().libraries, surplus_exports(bytes)};
}

}  // namespace msp::host
