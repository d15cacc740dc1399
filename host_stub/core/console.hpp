// console.hpp - the console's parts put together, for the command line and the page alike.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "core/integrations.hpp"
#include "msp/host/network.hpp"

namespace spdlog {
class logger;
}

namespace msp::console {

struct ConsoleOptions {
   std::vector<std::filesystem::path> plugin_dirs;
   std::filesystem::path data_dir;
   std::filesystem::path credentials_directory;  // systemd's; empty: none
   host::NetworkOptions network;
   std::chrono::milliseconds load_timeout{10'000};
   std::filesystem::path runner;  // the program msp-plugin-runner; empty: plugins run in the console's process
   bool in_process = false;       // all of them do, whatever was decided for each
   std::string debug_plugin;      // its processes wait for a debugger; `on_debug` is told which
   std::function<void(int process)> on_debug;
   std::function<void()> before_in_process;  // before a plugin is loaded into the console's process
   std::shared_ptr<spdlog::logger> log;      // null: no log
};

// Opening it opens the store: throws FindingError when that cannot be used.
class Console {
 public:
   explicit Console(const ConsoleOptions& options);
   Console(const Console&) = delete;
   Console& operator=(const Console&) = delete;

   Plugins& plugins() noexcept { return plugins_; }
   Integrations& integrations() noexcept { return integrations_; }
   Presets& presets() noexcept { return presets_; }
   Store& store() noexcept { return store_; }
   Vault& vault() noexcept { return vault_; }
   // Plugins that ended an earlier process, or did not let it end, and that nobody was told of before.
   [[nodiscard]] const std::vector<PluginEnd>& news() const noexcept { return news_; }
   host::Redactor& redactor() noexcept { return host_.redactor(); }

 private:
   Store store_;
   std::vector<PluginEnd> news_;
   host::Catalog catalog_;
   host::Host host_;
   Vault vault_;
   Presets presets_;
   Approvals approvals_;
   Plugins plugins_;
   Integrations integrations_;
};

}  // namespace msp::console
