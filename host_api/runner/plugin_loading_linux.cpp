// The system's loader opens the plugin by a name; trapped_calls.cpp gives it the descriptor of the sealed bytes
// instead.
#include "plugin_loading.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include "descriptors.hpp"
#include "trapped_calls.hpp"

namespace msp::runner {
namespace {

std::string loader_reason() {
   const char* const reason = ::dlerror();
   return reason != nullptr ? reason : "The loader gives no reason.";
}

void* symbol(void* library, const char* name) {
   void* const found = ::dlsym(library, name);
   if (found == nullptr) throw NoSymbol(name);
   return found;
}

}  // namespace

void load_libraries(const std::vector<std::string_view>& names) {
   for (const std::string_view name : names) {
      // A path would let the file of the plugin choose what runs here without confinement.
      if (name.find('/') == std::string_view::npos) ::dlopen(std::string(name).c_str(), RTLD_NOW | RTLD_LOCAL);
   }
}

Plugin load_plugin(const std::string& path) {
   expect_plugin(path.c_str());
   void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
   expect_plugin(nullptr);
   if (library == nullptr) throw NotLoaded(loader_reason());
   return {static_cast<const char*>(symbol(library, "msp_plugin_manifest")), symbol(library, "msp_plugin_entry")};
}

}  // namespace msp::runner
