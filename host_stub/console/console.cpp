#include "console.hpp"

namespace msp::console {
namespace {

constexpr const char* kVersion = MSP_CONSOLE_VERSION;

host::HostOptions host_options(const ConsoleOptions& options) {
   host::HostOptions result;
   result.name = "msp-console";
   result.version = kVersion;
   result.network = options.network;
   result.network.user_agent = std::string("msp-console/") + kVersion;
   result.log = options.log;
   return result;
}

}  // namespace

Console::Console(const ConsoleOptions& options)
    : store_(options.data_dir),
      catalog_(options.plugin_dirs, options.data_dir),
      host_(host_options(options)),
      vault_(store_, KeySource(options.data_dir, options.credentials_directory), system_clock()),
      plugins_(catalog_, store_, host_, system_clock()),
      integrations_(store_, vault_, plugins_, presets_, system_clock()) {}

}  // namespace msp::console
