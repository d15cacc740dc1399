// terminal_browser.hpp - how somebody at a terminal signs in at a platform: opens an address that is printed.
#pragma once

#include <memory>

#include "cli/context.hpp"
#include "msp/host/browser.hpp"

namespace msp::console {

// Null where nobody is at the terminal: --no-input, or standard input is none. REQUIRES: the context outlives it.
std::shared_ptr<host::Browser> terminal_browser(Context& context);

}  // namespace msp::console
