#include "core/console.hpp"

#include "core/stored_quarantine.hpp"
#include "core/work_marks.hpp"
#include "store/finding_error.hpp"

namespace msp::console {
namespace {

constexpr const char* kVersion = MSP_CONSOLE_VERSION;

std::filesystem::path marks_directory(const ConsoleOptions& options) { return options.data_dir / "at-work"; }

host::HostOptions host_options(const ConsoleOptions& options, Store& store) {
   host::HostOptions result;
   result.name = "msp-console";
   result.version = kVersion;
   result.network = options.network;
   result.network.user_agent = std::string("msp-console/") + kVersion;
   result.log = options.log;
   result.load_timeout = options.load_timeout;
   result.watch = std::make_shared<WorkMarks>(marks_directory(options));
   result.runner = options.runner;
   result.debug_plugin = options.debug_plugin;
   result.on_debug = options.on_debug;
   result.before_in_process = options.before_in_process;
   result.quarantine = std::make_shared<StoredQuarantine>(store);
   return result;
}

std::vector<PluginEnd> take_news(Store& store, const ConsoleOptions& options) {
   std::vector<PluginEnd> news;
   take_plugin_ends(marks_directory(options), [&](const std::vector<PluginEnd>& ends) {
      try {
         for (PluginEnd end : ends) {
            end.at = system_clock()();
            store.add_plugin_end(end);
            news.push_back(std::move(end));
         }
         return true;
      } catch (const FindingError&) {
         return false;  // found again by the next one
      }
   });
   return news;
}

}  // namespace

Console::Console(const ConsoleOptions& options)
    : store_(options.data_dir),
      news_(take_news(store_, options)),
      catalog_(options.plugin_dirs, options.data_dir),
      host_(host_options(options, store_)),
      vault_(store_, KeySource(options.data_dir, options.credentials_directory), system_clock()),
      approvals_(store_, vault_, options.data_dir, system_clock()),
      plugins_(catalog_, store_, vault_, approvals_, host_, options.in_process || options.runner.empty()),
      integrations_(store_, vault_, plugins_, presets_, system_clock()) {}

}  // namespace msp::console
