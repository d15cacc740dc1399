#include "isolation/needed_libraries.hpp"

#include <span>

#include "isolation/messages.hpp"
#include "library/elf_dynamic.hpp"
#include "library/preflight_problem.hpp"

namespace msp::isolation {
namespace {

using host::ElfDynamic;
using host::ElfImage;
using host::file_damaged;
using host::elf::Dynamic;

std::vector<std::string> read_names(const ElfImage& image, const ElfDynamic& dynamic) {
   std::vector<std::string> names;
   const std::uint64_t size = dynamic.value(host::elf::kDynamicStringsSize);
   for (const Dynamic& entry : dynamic.entries()) {
      if (entry.tag != host::elf::kDynamicNeeded) continue;
      const std::uint64_t strings = image.offset_of(dynamic.value(host::elf::kDynamicStrings), size);
      if (entry.value >= size || names.size() == kMaxLibraries) throw file_damaged("list of needed libraries");
      const auto name = image.file().text(strings + entry.value, kMaxName, strings + size);
      if (!name || name->empty()) throw file_damaged("list of needed libraries");
      names.emplace_back(*name);
   }
   return names;
}

}  // namespace

host::Result<std::vector<std::string>> needed_libraries(std::string_view plugin) {
   // The loader of Windows finds the system's libraries by itself, also where a plugin can open nothing.
   if (plugin.starts_with("MZ")) return std::vector<std::string>();
   try {
      const ElfImage image(std::as_bytes(std::span(plugin)));
      return read_names(image, ElfDynamic(image));
   } catch (const host::Finding& problem) {
      return problem;
   }
}

}  // namespace msp::isolation
