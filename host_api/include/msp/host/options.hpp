// msp/host/options.hpp - what a console decides once for all plugins of a Host.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "msp/host/network.hpp"
#include "msp/host/plugin_watch.hpp"
#include "msp/host/quarantine_records.hpp"

namespace spdlog {
class logger;
}

namespace msp::host {

struct HostOptions {
   std::string name = "msp-host";
   std::string version = "0";
   NetworkOptions network;
   std::shared_ptr<spdlog::logger> log;  // null: no log
   std::chrono::milliseconds load_timeout{10'000};
   std::shared_ptr<PluginWatch> watch = nullptr;  // of plugins in the console's process; null: nobody
   // The program msp-plugin-runner, an absolute path. Empty: there is none, and no plugin gets a process of its own.
   std::filesystem::path runner = {};
   std::shared_ptr<QuarantineRecords> quarantine = nullptr;  // null: forgotten when this process ends
   // The id of a plugin whose processes wait, before they load it, until a debugger is attached; the function is told
   // which process it is. Loading has no deadline then.
   std::string debug_plugin = {};
   std::function<void(int process)> on_debug = {};
   // Called before a plugin is loaded into this process, where it shares standard output and error, too. May be empty;
   // one at a time.
   std::function<void()> before_in_process = {};
};

}  // namespace msp::host
