#include <windows.h>
// After windows.h, which it needs.
#include <shellapi.h>

#include "cli/open_browser.hpp"

namespace msp::console {

bool open_in_browser(const std::filesystem::path& file) noexcept {
   // More than 32: it worked, as the documentation of ShellExecute has it.
   return reinterpret_cast<INT_PTR>(ShellExecuteW(nullptr, L"open", file.c_str(), nullptr, nullptr, SW_SHOWNORMAL)) >
          32;
}

}  // namespace msp::console
