// plugin_loading.hpp - the plugin, read from descriptor 4 by the system's loader.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace msp::runner {

// what() is the loader's reason.
class NotLoaded : public std::runtime_error {
   using std::runtime_error::runtime_error;
};
class NoSymbol : public std::runtime_error {
   using std::runtime_error::runtime_error;
};

// The two symbols that every plugin exports.
struct Plugin {
   const char* manifest = nullptr;
   void* entry = nullptr;
};

// Libraries of the system, by name; to be called before files are denied. One that is missing is left to the plugin's
// own load, which says so.
void load_libraries(const std::vector<std::string_view>& names);

// To be called when all layers are in force: the plugin's static initialisers run. The loader knows the plugin by
// `path`, where a debugger finds its symbols, but opens the descriptor. It is never unloaded. Throws NotLoaded,
// NoSymbol.
Plugin load_plugin(const std::string& path);

}  // namespace msp::runner
