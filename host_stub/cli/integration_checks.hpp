// integration_checks.hpp - the integration commands that ask the platform: add, check, edit.
#pragma once

#include <string>

#include "cli/context.hpp"
#include "store/finding_error.hpp"

namespace msp::console {

void add_integration_checks(CLI::App& integration, Command& chosen);

class InterruptScope;
host::CheckOptions check_options(Context& context, const InterruptScope& interrupt);

// Throws `no_integration` when there is none of this name.
IntegrationView find_integration(Context& context, const std::string& name);
FindingError no_integration(const std::string& name);

}  // namespace msp::console
