// drift.hpp - what the platform grants otherwise than when an integration's settings were saved.
#pragma once

#include <string_view>
#include <vector>

#include "msp/host/check.hpp"

namespace msp::console {

// Both are documents of the form msp.check/1. What the later check could not learn is no drift; what is less comes
// first. Empty when one of them is no such document.
std::vector<host::Drift> drift(std::string_view baseline, std::string_view later);

// Whether less is granted than at saving, or less than the plugin asks for by now.
bool is_less(const host::Drift& drift) noexcept;

// Whether a check learned what is granted.
bool tells_grants(std::string_view document);

}  // namespace msp::console
