// loader_system.hpp - what differs between the loaders of systems (loader_posix.cpp, loader_windows.cpp).
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <system_error>

#include "msp/host/result.hpp"
#include "msp/plugin.h"

namespace msp::host {

// Flags beyond Boost.DLL's own: a library is never unloaded, and what it needs is searched only where this computer
// keeps its libraries.
[[nodiscard]] int system_load_mode() noexcept;

// Keeps the library in memory that `address` lies in, even when its handle is given back.
void stay_loaded(void* address) noexcept;

// Calls `load` with a path that leads to exactly these bytes until it returns. `copy` is the file that they were read
// from.
Result<const msp_plugin*> load_bytes(
    const std::filesystem::path& copy, std::string_view bytes,
    const std::function<Result<const msp_plugin*>(const std::filesystem::path&)>& load);

// Turns the exception with which Boost.DLL did not load `library` into a sentence for the administrator.
[[nodiscard]] Finding explain_load_error(const std::filesystem::path& library, const std::system_error& error);

}  // namespace msp::host
