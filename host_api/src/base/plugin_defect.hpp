// plugin_defect.hpp - a file that cannot serve as a plugin as it is.
#pragma once

#include <string>
#include <utility>

#include "msp/host/finding.hpp"

namespace msp::host {

inline constexpr const char* kAskAuthor = "Ask the plugin's author for a corrected version.";

inline Finding plugin_defect(std::string summary, std::string remedy = kAskAuthor) {
   return {"plugin.defect", std::move(summary), std::move(remedy)};
}

}  // namespace msp::host
