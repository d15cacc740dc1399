#include "isolation/needed_libraries.hpp"

#include <span>

#include "isolation/messages.hpp"
#include "library/elf_needs.hpp"
#include "library/preflight_problem.hpp"

namespace msp::isolation {

host::Result<std::vector<std::string>> needed_libraries(std::string_view plugin) {
   // The loader of Windows finds the system's libraries by itself, also where a plugin can open nothing.
   if (plugin.starts_with("MZ")) return std::vector<std::string>();
   const auto image = host::ElfImage::read(std::as_bytes(std::span(plugin)));
   if (!image) return image.finding();
   const auto symbols = host::ElfSymbols::read(image.value());
   if (!symbols) return symbols.finding();
   auto needs = host::read_needs(image.value(), symbols.value());
   if (!needs) return needs.finding();
   if (needs.value().libraries.size() > kMaxLibraries) return host::file_damaged("list of needed libraries");
   return std::move(needs.value().libraries);
}

}  // namespace msp::isolation
