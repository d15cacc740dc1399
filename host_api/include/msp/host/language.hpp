// msp/host/language.hpp - a manifest in the language of whoever reads it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "msp/host/manifest.hpp"

namespace msp::host {

// Languages that somebody reads, the dearest first, as RFC 5646 writes them: "de-AT", "pt". None: whatever there is.
using Languages = std::vector<std::string>;

// What a browser says in Accept-Language. What is no language is left out; of a long list the dearest 16 are taken.
// [any-thread]
Languages languages_of_header(std::string_view accept_language);

// "de-AT" of a locale's name such as "de_AT.UTF-8@euro"; empty for "C", "POSIX" and what is none. [any-thread]
std::string language_of_locale(std::string_view locale);

// Which of the manifest's languages does best: a language that is wanted, else the same without its region, else
// another region's; the manifest's own where none does. [any-thread]
std::string_view best_language(const Manifest& manifest, const Languages& wanted);

// The manifest with its texts in that language, and where one is not translated, in its own. Ids, choices' values, the
// plugin's and vendor's names, hosts, addresses, and what the platform calls its rights (`entity`, `operation`) are
// never translated. [any-thread]
Manifest in_language(const Manifest& manifest, const Languages& wanted);

// The places of the texts that it lacks in a language of its `texts`. [any-thread]
std::vector<std::string> untranslated(const Manifest& manifest, std::string_view language);

// Whether the language is written from right to left. [any-thread]
bool is_right_to_left(std::string_view language) noexcept;

}  // namespace msp::host
