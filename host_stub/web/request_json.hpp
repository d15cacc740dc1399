// request_json.hpp - what the page sends, read strictly: an unknown key or a value of another kind is a mistake to hear
// about, not to guess at.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "msp/host/result.hpp"
#include "msp/host/settings.hpp"
#include "web/wiped_string.hpp"

namespace msp::console {

// {"platform": "...", "name": "...", "settings": {field: text}, "secrets": {field: text}}; each may be absent.
struct SettingsRequest {
   std::optional<std::string> platform;
   std::optional<std::string> name;
   host::Settings settings;
};
host::Result<SettingsRequest> read_settings(WipedString body);

// {"<key>": "..."} and nothing else.
host::Result<host::SecretBytes> read_text(WipedString body, const char* key);

}  // namespace msp::console
