// names.hpp - the names that administrators give to integrations.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace msp::console {

inline constexpr std::size_t kLongestName = 200;  // in bytes of UTF-8

// What two names that people take for the same have in common: trimmed, runs of blanks as one space, letters of every
// script folded to one case and one form (Unicode's NFKC_Casefold), joiners left out. Does not depend on the machine's
// locale. It may change with the version of Unicode, so a key is stored together with name_key_version().
std::string name_key(std::string_view name);
std::string name_key_version();

// Trimmed, runs of white space of any script as one space.
std::string tidy_name(std::string_view name);

// Whether anything of a tidy name can be seen, and whether anything cannot: format characters and fillers, which could
// deceive a reader. Joiners and variation selectors of Persian, Hindi or emoji are part of the writing and do not
// count.
bool has_visible(std::string_view name);
bool has_invisible(std::string_view name);

// "Integration with Autotask"
std::string default_name(std::string_view platform_name);

}  // namespace msp::console
