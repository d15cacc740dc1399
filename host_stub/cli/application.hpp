// application.hpp - the command line from arguments to exit code.
#pragma once

namespace msp::console {

// Parses, opens the console, runs the chosen command and reports what went wrong. Never throws.
int run(int argc, char** argv) noexcept;

}  // namespace msp::console
