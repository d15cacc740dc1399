// preflight.hpp - looks at a library's bytes before the system's loader does: format, machine, truncation, the two
// exports, and where the manifest lies. Runs nothing, trusts nothing: every offset is checked against the size.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/result.hpp"

namespace msp::host {

enum class LibraryFormat { elf, pe };
#if defined(_WIN32)
inline constexpr LibraryFormat kFormatHere = LibraryFormat::pe;
#else
inline constexpr LibraryFormat kFormatHere = LibraryFormat::elf;
#endif

struct Preflight {
   std::string_view manifest;           // into the bytes, without its NUL
   std::vector<std::string> libraries;  // that the system loads along, by the names it searches them by
   std::vector<std::string> places;     // absolute directories where it searches them first
};

// `wanted` is the format this system loads; the machine is always the one we were built for. [any-thread]
Result<Preflight> preflight(std::span<const std::byte> bytes, LibraryFormat wanted);

// One per format (preflight_elf.cpp, preflight_pe.cpp).
Result<Preflight> preflight_elf(std::span<const std::byte> bytes);
Result<Preflight> preflight_pe(std::span<const std::byte> bytes);

}  // namespace msp::host
