// integration_request.hpp - the command `integration request`: an authenticated request, like `gh api`.
#pragma once

#include "cli/context.hpp"

namespace msp::console {

void add_integration_request(CLI::App& integration, Command& chosen);

}  // namespace msp::console
