// loader_system.hpp - what differs between the loaders of systems (loader_posix.cpp, loader_windows.cpp).
#pragma once

#include <string>

#include "msp/host/result.hpp"

namespace msp::host {

// Flags beyond Boost.DLL's own with which a library is loaded so that it is never unloaded.
[[nodiscard]] int stay_loaded_mode() noexcept;

// Keeps the library in memory that `address` lies in, even when its handle is given back.
void stay_loaded(void* address) noexcept;

// Turns the exception that Boost.DLL throws, its what() and its code, into a sentence for the administrator.
[[nodiscard]] Problem explain_load_error(const std::string& what, int code);

}  // namespace msp::host
