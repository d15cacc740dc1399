#include "library/preflight.hpp"

#include "library/preflight_problem.hpp"

namespace msp::host {
namespace {

constexpr std::string_view kElfMagic =
    "\x7F"
    "ELF";
constexpr std::string_view kDosMagic = "MZ";

}  // namespace

Result<Preflight> preflight(std::span<const std::byte> bytes, LibraryFormat wanted) {
   const std::string_view system = wanted == LibraryFormat::elf ? "Linux" : "Windows";
   const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
   if (bytes.empty()) return file_empty();
   if (text.starts_with(kElfMagic)) {
      return wanted == LibraryFormat::elf ? preflight_elf(bytes) : library_of_other_system("Linux", system);
   }
   if (text.starts_with(kDosMagic)) {
      return wanted == LibraryFormat::pe ? preflight_pe(bytes) : library_of_other_system("Windows", system);
   }
   return file_is_no_library(system);
}

}  // namespace msp::host
