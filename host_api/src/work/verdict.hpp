// verdict.hpp - whether the rights of an account suffice: the host's verdict on what a plugin reported.
#pragma once

#include "msp/host/check.hpp"

namespace msp::host {

// Judges the report of check_permissions against the manifest, adds a finding for every right that is not as it should
// be, and sets the outcome that follows. REQUIRES: every grant is of a permission of the manifest. [any-thread]
Verdict judge_permissions(const Manifest& manifest, OperationReport& report);

}  // namespace msp::host
