// defect.hpp - the finding "plugin.defect": which rule of docs/ABI.md a plugin broke, and how.
#pragma once

#include <string_view>

#include "msp/host/finding.hpp"
#include "msp/host/manifest.hpp"

namespace msp::host {

// `what` completes "The plugin ...", for example "reported a permission twice". A warning when the host could repair
// it.
Finding defect(const Manifest& manifest, std::string_view rule, std::string_view what,
               Severity severity = Severity::error);

}  // namespace msp::host
