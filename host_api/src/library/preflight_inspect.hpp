// preflight_inspect.hpp - the look at a library that both formats share.
#pragma once

#include <cstddef>
#include <span>

#include "library/preflight.hpp"
#include "library/preflight_problem.hpp"
#include "msp/plugin.h"

namespace msp::host {

// `Library` is made from the bytes and has find(name), check_entry(symbol), manifest_text(symbol), libraries(),
// places(), and check_rest() where there is more to look at. All of them throw Finding.
template <class Library>
Result<Preflight> inspect(std::span<const std::byte> bytes) {
   try {
      const Library library(bytes);
      const auto manifest = library.find(MSP_MANIFEST_SYMBOL);
      const auto entry = library.find(MSP_ENTRY_SYMBOL);
      if (!manifest || !entry) throw exports_missing({manifest.has_value(), entry.has_value()});
      library.check_entry(*entry);
      const std::string_view text = library.manifest_text(*manifest);
      if constexpr (requires { library.check_rest(); }) library.check_rest();
      return Preflight{text, library.libraries(), library.places()};
   } catch (const Finding& problem) {
      return problem;
   }
}

}  // namespace msp::host
