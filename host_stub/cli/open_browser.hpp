// open_browser.hpp - lets the system show a file in the browser (open_browser_posix.cpp, open_browser_windows.cpp).
#pragma once

#include <filesystem>

namespace msp::console {

// Does not wait for the browser. False: this system has nothing that opens one.
bool open_in_browser(const std::filesystem::path& file) noexcept;

}  // namespace msp::console
