#include <windows.h>

#include <filesystem>

#include "plugin_loading.hpp"

namespace msp::runner {
namespace {

// The number says more to the console than the system's words.
std::string loader_reason() { return std::to_string(::GetLastError()); }

void* symbol(HMODULE library, const char* name) {
   void* const found = reinterpret_cast<void*>(::GetProcAddress(library, name));
   if (found == nullptr) throw NoSymbol(name);
   return found;
}

// The loader would take the crash of a library's start for a library that refuses to start.
LONG WINAPI end_by_fault(EXCEPTION_POINTERS* exception) {
   const DWORD code = exception->ExceptionRecord->ExceptionCode;
   switch (code) {
      case EXCEPTION_ACCESS_VIOLATION:
      case EXCEPTION_ILLEGAL_INSTRUCTION:
      case EXCEPTION_INT_DIVIDE_BY_ZERO:
      case EXCEPTION_IN_PAGE_ERROR:
      case EXCEPTION_PRIV_INSTRUCTION:
      case EXCEPTION_STACK_OVERFLOW:
         ::TerminateProcess(::GetCurrentProcess(), code);
         break;
      default:
         break;
   }
   return EXCEPTION_CONTINUE_SEARCH;
}

}  // namespace

// The console holds the file so that nobody changes it. What the plugin needs comes from the system's own directory.
Plugin load_plugin(const std::string& path) {
   const std::filesystem::path file(std::u8string(path.begin(), path.end()));
   const std::wstring name = std::filesystem::path(file).make_preferred().wstring();
   void* const watch = ::AddVectoredExceptionHandler(1, end_by_fault);
   const HMODULE library = ::LoadLibraryExW(name.c_str(), nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
   const std::string reason = loader_reason();
   ::RemoveVectoredExceptionHandler(watch);
   if (library == nullptr) throw NotLoaded(reason);
   return {static_cast<const char*>(symbol(library, "msp_plugin_manifest")), symbol(library, "msp_plugin_entry")};
}

}  // namespace msp::runner
