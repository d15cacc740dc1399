// unproven_addresses.hpp - saved addresses that somebody may have written past the console.
#pragma once

#include <string>
#include <vector>

#include "core/settings_merge.hpp"

namespace msp::console {

// Fields that say where secrets go, of saved settings that no secret proves: one that opens was sealed with them. A
// secret that is typed now must not be sent there unless the address is typed as well.
std::vector<std::string> unproven_addresses(const host::Manifest& manifest, const IntegrationRecord& saved,
                                            const OpenSecret& open);

}  // namespace msp::console
