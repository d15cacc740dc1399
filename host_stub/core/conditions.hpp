// conditions.hpp - when a field is there or a right is needed, in the words of the form.
#pragma once

#include <string>
#include <vector>

#include "msp/host/manifest.hpp"

namespace msp::console {

// 'only when "Tickets" is "Open them" or "Close them" and "Billing" is chosen'; empty without conditions.
std::string only_when(const host::Manifest& manifest, const std::vector<host::Condition>& conditions);

}  // namespace msp::console
