// msp/host/options.hpp - what a console decides once for all plugins of a Host.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "msp/host/network.hpp"
#include "msp/host/plugin_watch.hpp"

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
   std::shared_ptr<PluginWatch> watch = nullptr;  // null: nobody
};

}  // namespace msp::host
