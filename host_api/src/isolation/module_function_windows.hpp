// module_function_windows.hpp - functions that not every Windows has.
#pragma once

#include <windows.h>

namespace msp::isolation {

// Null where the system has no such function. The library stays loaded.
template <class Function>
Function module_function(const wchar_t* library, const char* name) {
   const HMODULE module = ::LoadLibraryExW(library, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
   if (module == nullptr) return nullptr;
   return reinterpret_cast<Function>(reinterpret_cast<void*>(::GetProcAddress(module, name)));
}

}  // namespace msp::isolation
