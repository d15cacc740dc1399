// plugin_changes.hpp - what changed in a plugin file, compared with the approved one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/publisher.hpp"
#include "msp/host/manifest.hpp"

namespace msp::console {

struct PluginChange {
   bool more = false;      // it may do or ask for more than before, or comes from somebody else
   std::string text;       // "New host: api.example.com"
   bool alarming = false;  // it does not come from the publisher of the approved one
};

// Version and vendor, then hosts, permissions and fields. Empty when only the code differs.
std::vector<PluginChange> changes(const host::Manifest& approved, const host::Manifest& now);

// Whether the same publisher signed both; nothing when neither is signed.
std::optional<PluginChange> publisher_change(const std::optional<Publisher>& approved,
                                             const std::optional<Publisher>& now);

}  // namespace msp::console
