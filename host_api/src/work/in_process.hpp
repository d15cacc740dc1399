// in_process.hpp - a plugin's code in the console's own process, on a thread for each operation.
#pragma once

#include <memory>

#include "contract/loaded_plugin.hpp"
#include "contract/plugin_backend.hpp"

namespace msp::host {

// A plugin that does not return is left behind on its thread: its code cannot be stopped. REQUIRES: the plugin's table
// and host are there. [any-thread]
Result<std::unique_ptr<PluginBackend>> connect_in_process(std::shared_ptr<LoadedPlugin> plugin);

}  // namespace msp::host
