// names.hpp - the names that administrators give to integrations.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace msp::console {

inline constexpr std::size_t kLongestName = 200;  // in bytes of UTF-8

// What two names that people take for the same have in common: trimmed, runs of spaces as one, and case folded for
// ASCII, Latin, Greek, Cyrillic and Armenian. Made of a fixed table, because a unique index must not depend on the
// machine's locale.
std::string name_key(std::string_view name);

// Trimmed, runs of white space of any script as one space.
std::string tidy_name(std::string_view name);

// Whether anything of a tidy name can be seen, and whether anything cannot: format characters and fillers, which would
// make two names look the same.
bool has_visible(std::string_view name);
bool has_invisible(std::string_view name);

// "Integration with Autotask"
std::string default_name(std::string_view platform_name);

}  // namespace msp::console
