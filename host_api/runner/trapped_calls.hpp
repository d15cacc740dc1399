// trapped_calls.hpp - what becomes of the system calls that the filter does not let through to the kernel.
#pragma once

namespace msp::runner {

// From now on a trapped call is answered in this process: openat and newfstatat for the loader, as below. Any other
// call is told to the console, and the process ends. Throws NotConfined.
void trap_calls();

// The next time the loader opens `path`, it gets the descriptor of the plugin: the kernel opens nothing. Every other
// path, and this one a second time, cannot be opened. `path` must stay where it is. nullptr ends the expectation.
void expect_plugin(const char* path) noexcept;

}  // namespace msp::runner
