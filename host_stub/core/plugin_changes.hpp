// plugin_changes.hpp - what changed in a plugin file, compared with the approved one.
#pragma once

#include <string>
#include <vector>

#include "msp/host/manifest.hpp"

namespace msp::console {

struct PluginChange {
   bool more = false;  // it may do or ask for more than before, or comes from somebody else
   std::string text;   // "New host: api.example.com"
};

// Version and vendor, then hosts, permissions and fields. Empty when only the code differs.
std::vector<PluginChange> changes(const host::Manifest& approved, const host::Manifest& now);

}  // namespace msp::console
