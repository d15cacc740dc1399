// loaded_plugin.hpp - one loaded plugin: its table, and what every connection of it needs.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "contract/runtime.hpp"
#include "msp/host/manifest.hpp"
#include "msp/plugin.h"

namespace msp::host {

class PluginCode;

struct LoadedPlugin {
   std::shared_ptr<Runtime> runtime;
   Manifest manifest;
   std::string sha256;
   std::shared_ptr<PluginCode> code;   // in a process of its own; null in the console's
   const msp_plugin* table = nullptr;  // in the console's process only, like what follows
   const msp_host* host = nullptr;     // the table that this plugin was given

   // Set when an operation did not return: the plugin's code can no longer be trusted with another one.
   std::atomic<bool> left_behind{false};
};

}  // namespace msp::host
