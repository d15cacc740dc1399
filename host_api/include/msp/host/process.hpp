// msp/host/process.hpp - what concerns the whole process of a console.
#pragma once

namespace msp::host {

// No core dump of this process, which would hold secrets. Called once at start by consoles. [any-thread]
void disable_core_dumps() noexcept;

// Whether a plugin did not come to its end while it was loaded. The system then loads no other one, and the process
// cannot leave main: end it with std::_Exit. [any-thread]
bool has_stuck_load() noexcept;

// Whether a plugin's library was loaded into this process. Its code would run once more on the way out of main, and may
// hang or crash there: end the process with std::_Exit. [any-thread]
bool has_plugin_code() noexcept;

}  // namespace msp::host
