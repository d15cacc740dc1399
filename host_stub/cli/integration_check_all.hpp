// integration_check_all.hpp - integration check --all: one line per integration, and how many ended how.
#pragma once

#include <cstddef>

#include "cli/context.hpp"

namespace msp::console {

// With --json one array of msp.check/1 documents. The exit code is that of the gravest outcome.
ExitCode check_all(Context& context, std::size_t parallel, bool strict);

}  // namespace msp::console
