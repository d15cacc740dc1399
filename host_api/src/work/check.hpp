// check.hpp - the check for those who go on with the connection that it was made on.
#pragma once

#include <optional>

#include "msp/host/check.hpp"

namespace msp::host {

// check() that hands over its connection; empty when it came to none. Who signs in again on it sends no credentials
// that the plugin knows to be refused. Never throws. [any-thread]
CheckReport run_check(Plugin& plugin, SettingsCheck form, const CheckOptions& options,
                      std::optional<Connection>& connection);

}  // namespace msp::host
