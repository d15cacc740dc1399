#include <windows.h>

#include "loader_system.hpp"

namespace msp::host {

int stay_loaded_mode() noexcept { return 0; }

void stay_loaded(void* address) noexcept {
   HMODULE pinned = nullptr;
   GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                      static_cast<LPCWSTR>(address), &pinned);
}

// Windows says that something is missing, but not what.
Problem explain_load_error(const std::string& /*what*/, int code) {
   switch (code) {
      case ERROR_MOD_NOT_FOUND:
         return {"plugin.incompatible", "The plugin needs a library that this computer does not have.",
                 "Install what the plugin's author names as needed, or ask for a version without it."};
      case ERROR_PROC_NOT_FOUND:
         return {"plugin.incompatible", "The plugin uses a function that no library of this computer provides.",
                 "Ask the plugin's author for a version for this system, or update the system."};
      case ERROR_DLL_INIT_FAILED:
         return {"plugin.defect", "The plugin refuses to be loaded: its own start failed.",
                 "Ask the plugin's author for a corrected version."};
      default:
         return {"plugin.defect", "The system cannot load the plugin: Windows error " + std::to_string(code) + ".",
                 "Ask the plugin's author for a corrected version."};
   }
}

}  // namespace msp::host
