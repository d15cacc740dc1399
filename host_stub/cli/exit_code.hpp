// exit_code.hpp - what the program's exit code says to scripts.
#pragma once

#include "core/integrations.hpp"
#include "msp/host/check.hpp"
#include "msp/host/result.hpp"

namespace msp::console {

enum class ExitCode {
   accepted = 0,
   internal = 1,
   usage = 2,
   settings_invalid = 3,
   credentials_refused = 4,
   permissions_insufficient = 5,  // also an accepted check with remarks, where --strict asks for it
   try_again = 6,                 // unreachable, throttled or unavailable
   already_used = 7,
   no_such_thing = 8,
   plugin_unusable = 9,
   store_unreadable = 10,
   timed_out = 124,
   cancelled = 130,
};

ExitCode exit_code(const host::CheckReport& report);
ExitCode exit_code(const CheckedIntegration& checked);
// The same for who wants to know of remarks: an accepted check with some is `permissions_insufficient`.
ExitCode strict_exit_code(const CheckedIntegration& checked);
ExitCode exit_code(const IntegrationAnswer& answer);
ExitCode exit_code(const host::Finding& problem);

}  // namespace msp::console
