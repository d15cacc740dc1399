// text.hpp - the same for the library's own files, and what only they need.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "msp/host/text.hpp"

namespace msp::host {

// Whether a word has Latin and Greek or Cyrillic letters, as a name has that only looks like another: "Аutotask" with a
// Cyrillic А.
bool mixes_alphabets(std::string_view text) noexcept;

// A C string of a plugin's, read no further than that: it may not end. Empty for nullptr.
inline constexpr std::size_t kMostRead = 65536;
std::string_view bounded(const char* text) noexcept;

// For a struct of the contract, where NULL means "not given". Valid as long as the text.
const char* or_null(const std::string& text) noexcept;

// Somebody else's text within a sentence of ours.
std::string in_quotes(std::string_view text);

}  // namespace msp::host
