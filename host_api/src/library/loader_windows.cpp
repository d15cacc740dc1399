#include <windows.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "base/plugin_defect.hpp"
#include "base/text.hpp"
#include "library/loader_system.hpp"

namespace msp::host {
namespace {

// The program's and the system's directories: neither the current one nor the PATH, where others may have put
// something.
constexpr DWORD kSearch = LOAD_LIBRARY_SEARCH_DEFAULT_DIRS;

struct FreeLibraryLater {
   void operator()(HMODULE library) const noexcept { FreeLibrary(library); }
};
using Library = std::unique_ptr<std::remove_pointer_t<HMODULE>, FreeLibraryLater>;

// Windows says that something is missing, but not what: the first library that `library` names and Windows does not
// load.
std::optional<std::string> missing_library(const std::filesystem::path& library) {
   const Library image(LoadLibraryExW(library.c_str(), nullptr, LOAD_LIBRARY_AS_IMAGE_RESOURCE));
   if (!image) return std::nullopt;
   // The handle's last bits say that nothing of it is to be run.
   const auto address = reinterpret_cast<std::uintptr_t>(image.get()) & ~std::uintptr_t{3};
   const auto* start = reinterpret_cast<const std::byte*>(address);
   const auto& dos = *reinterpret_cast<const IMAGE_DOS_HEADER*>(start);
   const auto& header = *reinterpret_cast<const IMAGE_NT_HEADERS64*>(start + dos.e_lfanew);
   const IMAGE_DATA_DIRECTORY& imports = header.OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
   if (imports.Size == 0) return std::nullopt;
   const auto* import = reinterpret_cast<const IMAGE_IMPORT_DESCRIPTOR*>(start + imports.VirtualAddress);
   for (; import->Name != 0; ++import) {
      const char* name = reinterpret_cast<const char*>(start + import->Name);
      if (!Library(LoadLibraryExA(name, nullptr, kSearch))) return clean_text(name, 256);
   }
   return std::nullopt;
}

Finding library_missing(const std::optional<std::string>& missing) {
   if (!missing) {
      return {"plugin.incompatible", "The plugin needs a library that this computer does not have.",
              "Install what the plugin's author names as needed, or ask for a version without it."};
   }
   return {"plugin.incompatible", "The plugin needs the library " + *missing + ", which this computer does not have.",
           "Install " + *missing + ", or ask the plugin's author for a version without it."};
}

}  // namespace

// The file is held open so that nobody changes or replaces it while it is loaded, and read once more through that
// handle.
Result<const msp_plugin*> load_bytes(
    const std::filesystem::path& copy, std::string_view bytes,
    const std::function<Result<const msp_plugin*>(const std::filesystem::path&)>& load) {
   struct Close {
      void operator()(void* handle) const noexcept { CloseHandle(handle); }
   };
   void* opened = CreateFileW(copy.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING, 0, nullptr);
   if (opened == INVALID_HANDLE_VALUE) {
      return Finding{"host.storage",
                     "The copy of the plugin cannot be opened: Windows error " + std::to_string(GetLastError()) + ".",
                     "Make sure that no other program changes '" + copy.string() + "', then try again."};
   }
   const std::unique_ptr<void, Close> held(opened);
   std::string now(bytes.size() + 1, '\0');
   std::size_t filled = 0;
   for (DWORD count = 1; count != 0 && filled < now.size(); filled += count) {
      if (!ReadFile(held.get(), now.data() + filled, static_cast<DWORD>(now.size() - filled), &count, nullptr)) break;
   }
   now.resize(filled);
   if (now != bytes) {
      return Finding{
          "plugin.modified", "The approved copy of the plugin was changed after it was approved, so it is not loaded.",
          "Find out who changed '" + copy.string() + "', then remove its directory: the copy is made again."};
   }
   return load(copy);
}

int system_load_mode() noexcept { return kSearch; }

void stay_loaded(void* address) noexcept {
   HMODULE pinned = nullptr;
   GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                      static_cast<LPCWSTR>(address), &pinned);
}

Finding explain_load_error(const std::filesystem::path& library, const std::system_error& error) {
   switch (error.code().value()) {
      case ERROR_MOD_NOT_FOUND:
         return library_missing(missing_library(library));
      case ERROR_PROC_NOT_FOUND:
         return {"plugin.incompatible", "The plugin uses a function that no library of this computer provides.",
                 "Ask the plugin's author for a version for this system, or update the system."};
      case ERROR_DLL_INIT_FAILED:
         return plugin_defect("The plugin refuses to be loaded: its own start failed.");
      default:
         return plugin_defect("The system cannot load the plugin: Windows error " +
                              std::to_string(error.code().value()) + ".");
   }
}

}  // namespace msp::host
