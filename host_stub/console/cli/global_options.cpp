#include "global_options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdlib>
#include <filesystem>

#include "default_paths.hpp"

namespace msp::console {
namespace {

std::chrono::milliseconds milliseconds(double seconds) {
   return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

}  // namespace

void add_global_options(CLI::App& app, GlobalOptions& options) {
   const char* const group = "Global options (before or after the command; also MSP_CONSOLE_<NAME>)";
   const char* const network = "Network options, with curl's meaning";
   const auto day = CLI::Range(0.001, 86'400.0);
   // An empty path is most often a variable that a script did not set; the default would be a surprise.
   const auto path =
       CLI::Validator([](std::string& text) { return text.empty() ? "The path is empty" : std::string(); }, "");

   app.add_option("--plugin-dir", options.plugin_dirs, "Directory of plugin libraries (repeatable)")
       ->envname("MSP_CONSOLE_PLUGIN_DIR")
       ->check(path)
       ->allow_extra_args(false)
       ->type_name("DIR")
       ->group(group);
   app.add_option("--data-dir", options.data_dir, "Where the console keeps its database and key")
       ->envname("MSP_CONSOLE_DATA_DIR")
       ->check(path)
       ->type_name("DIR")
       ->group(group);
   // CLI11 reads the file before the environment, so the environment's answer is given as the default.
   const char* config = std::getenv("MSP_CONSOLE_CONFIG");
   const bool configured = config != nullptr && *config != '\0';
   app.set_config("--config", configured ? config : "", "Read options from this file (INI or TOML)", configured)
       ->type_name("FILE (Env:MSP_CONSOLE_CONFIG)")
       ->group(group);
   app.allow_config_extras(CLI::config_extras_mode::error);
   app.add_flag("--json", options.json, "Print one JSON document")->envname("MSP_CONSOLE_JSON")->group(group);
   app.add_flag("--no-input", options.no_input, "Never ask; fail instead")
       ->envname("MSP_CONSOLE_NO_INPUT")
       ->group(group);
   app.add_flag("--yes", options.yes, "Answer questions with yes")->envname("MSP_CONSOLE_YES")->group(group);
   app.add_option("--log-level", options.log_level, "trace, debug, info, warning, error or off")
       ->envname("MSP_CONSOLE_LOG_LEVEL")
       ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "off"}))
       ->type_name("LEVEL")
       ->group(group);
   app.add_option("--log-file", options.log_file, "Write the log there instead of to standard error")
       ->envname("MSP_CONSOLE_LOG_FILE")
       ->check(path)
       ->type_name("FILE")
       ->group(group);
   app.add_option("--preset", options.presets, "Value for a field that the plugin marks `preset` (repeatable)")
       ->envname("MSP_CONSOLE_PRESET")
       ->allow_extra_args(false)
       ->type_name("PLUGIN.FIELD=SOURCE")
       ->group(group);

   app.add_option("--cacert", options.cacert, "More certificate authorities to trust, in PEM")
       ->envname("MSP_CONSOLE_CACERT")
       ->check(CLI::ExistingFile)
       ->type_name("FILE")
       ->group(network);
   // Not bound to the optional itself: CLI11 would take an empty value for none given.
   app.add_option_function<std::string>(
          "--proxy", [&options](const std::string& url) { options.proxy = url; },
          "Proxy to go through; '' for none, whatever the environment says")
       ->envname("MSP_CONSOLE_PROXY")
       ->type_name("URL")
       ->group(network);
   app.add_option("--connect-to", options.connect_to, "Connect elsewhere for a host (repeatable)")
       ->envname("MSP_CONSOLE_CONNECT_TO")
       ->allow_extra_args(false)
       ->delimiter(',')
       ->type_name("HOST1:PORT1:HOST2:PORT2")
       ->group(network);
   app.add_option("--connect-timeout", options.connect_timeout, "Seconds for a connection")
       ->capture_default_str()
       ->envname("MSP_CONSOLE_CONNECT_TIMEOUT")
       ->check(day)
       ->type_name("S")
       ->group(network);
   app.add_option("--timeout", options.timeout, "Seconds for a whole check")
       ->capture_default_str()
       ->envname("MSP_CONSOLE_TIMEOUT")
       ->check(day)
       ->type_name("S")
       ->group(network);
   app.add_option("--step-timeout", options.step_timeout, "Seconds for each step of a check")
       ->capture_default_str()
       ->envname("MSP_CONSOLE_STEP_TIMEOUT")
       ->check(day)
       ->type_name("S")
       ->group(network);
}

ConsoleOptions console_options(const GlobalOptions& options, const std::string& program,
                               std::shared_ptr<spdlog::logger> log) {
   ConsoleOptions result;
   for (const std::string& directory : options.plugin_dirs) result.plugin_dirs.emplace_back(directory);
   if (result.plugin_dirs.empty()) result.plugin_dirs.push_back(default_plugin_dir(program));
   result.data_dir = options.data_dir.empty() ? default_data_dir() : std::filesystem::path(options.data_dir);
   // Absolute, because messages name it and a library is loaded from below it.
   result.data_dir = std::filesystem::absolute(result.data_dir);
   if (const char* directory = std::getenv("CREDENTIALS_DIRECTORY")) result.credentials_directory = directory;
   result.network.ca_file = options.cacert;
   result.network.proxy = options.proxy;
   result.network.connect_to = options.connect_to;
   result.network.connect_timeout = milliseconds(options.connect_timeout);
   result.load_timeout = std::min(result.load_timeout, milliseconds(options.step_timeout));
   result.log = std::move(log);
   return result;
}

}  // namespace msp::console
