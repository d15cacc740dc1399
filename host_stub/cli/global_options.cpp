#include "cli/global_options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "cli/config_file.hpp"
#include "cli/default_paths.hpp"
#include "cli/input_file.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "cli/usage_error.hpp"
#include "cli/usage_words.hpp"
#include "msp/host/text.hpp"

namespace msp::console {
namespace {

std::chrono::milliseconds milliseconds(double seconds) {
   return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

#if defined(_WIN32)
constexpr char kPathSeparator = ';';
#else
constexpr char kPathSeparator = ':';
#endif

// As CLI11 wants it: what is wrong, or nothing.
std::string refuse_no_path(const std::string& text) {
   return text.empty() ? "takes a path, not an empty value" : std::string();
}

// The non-empty parts of a variable. `names_paths`: as PATH does it. Otherwise the values may hold colons, and paths;
// those that hold a comma, too, stand one on a line.
std::vector<std::string> values_of(const char* variable, bool names_paths) {
   std::vector<std::string> values;
   const char* given = std::getenv(variable);
   if (given == nullptr) return values;
   const std::string_view text = given;
   const char separator = names_paths ? kPathSeparator : text.find('\n') == std::string_view::npos ? ',' : '\n';
   for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(separator, begin), text.size());
      const std::string_view value = text.substr(begin, end - begin);
      const std::string_view trimmed = names_paths ? value : host::trim(value);
      if (!trimmed.empty()) values.emplace_back(trimmed);
      begin = end + 1;
   }
   return values;
}

// Somebody named it, so it should be there: an empty list of plugins would be a riddle.
void check_plugin_dir(const std::string& directory) {
   std::error_code error;
   static_cast<void>(absolute_path(directory, "--plugin-dir"));
   const auto status = std::filesystem::status(directory, error);
   const std::string name = "The plugin directory \"" + one_line(directory, 1000) + "\"";
   if (status.type() == std::filesystem::file_type::not_found) {
      throw UsageError(name + " does not exist.",
                       "Make it, or name another one with --plugin-dir or MSP_CONSOLE_PLUGIN_DIR.");
   }
   const bool is_directory = std::filesystem::is_directory(status);
   if (is_directory) std::filesystem::directory_iterator(directory, error);
   if (is_directory && !error) return;
   throw UsageError(name + (error ? " cannot be read: " + error.message() + "." : " is not a directory."),
                    "Name a directory that this user may read with --plugin-dir or MSP_CONSOLE_PLUGIN_DIR.");
}

}  // namespace

void add_global_options(CLI::App& app, GlobalOptions& options) {
   const char* const group = "Global options (before or after the command; also MSP_CONSOLE_<NAME>)";
   const char* const network = "Network options, with curl's meaning";
   const auto day = number_within(0.001, 86'400.0, "seconds from 0.001 to 86400");
   // An empty path is most often a variable that a script did not set; the default would be a surprise.
   const auto path = CLI::Validator([](std::string& text) { return refuse_no_path(text); }, "");
   const CLI::Validator plain_file = plain_file_validator();

   app.add_option("--plugin-dir", options.plugin_dirs, "Directory of plugin libraries (repeatable)")
       ->check(path)
       ->allow_extra_args(false)
       ->type_name("DIR (Env:MSP_CONSOLE_PLUGIN_DIR, several as in PATH)")
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
       ->check(plain_file)
       ->type_name("FILE (Env:MSP_CONSOLE_CONFIG)")
       ->group(group);
   app.config_formatter(std::make_shared<ConfigFile>(app));
   app.allow_config_extras(CLI::config_extras_mode::error);
   app.add_flag("--json", options.json, "Print one JSON document")->envname("MSP_CONSOLE_JSON")->group(group);
   app.add_flag("--no-input", options.no_input, "Never ask; fail instead")
       ->envname("MSP_CONSOLE_NO_INPUT")
       ->group(group);
   app.add_flag("--yes", options.yes, "Answer questions with yes")->envname("MSP_CONSOLE_YES")->group(group);
   app.add_flag("--wide", options.wide, "Show every column of a list in full, however wide the terminal is")
       ->envname("MSP_CONSOLE_WIDE")
       ->group(group);
   app.add_flag("--verbose", options.verbose, "Show what is in order, too, such as each permission that is granted")
       ->envname("MSP_CONSOLE_VERBOSE")
       ->group(group);
   app.add_option("--lang", options.language, "Language of a plugin's texts, where it has them; else the locale's")
       ->envname("MSP_CONSOLE_LANG")
       ->check(CLI::Validator(
           [](std::string& tag) {
              return host::language_of_locale(tag).empty() ? "takes a language such as de or pt-BR" : std::string();
           },
           ""))
       ->type_name("TAG")
       ->group(group);
   app.add_option("--log-level", options.log_level, "trace, debug, info, warning, error or off")
       ->envname("MSP_CONSOLE_LOG_LEVEL")
       ->check(one_of({"trace", "debug", "info", "warning", "error", "off"}))
       ->type_name("LEVEL")
       ->group(group);
   app.add_option("--log-file", options.log_file, "Write the log there instead of to standard error")
       ->envname("MSP_CONSOLE_LOG_FILE")
       ->check(path)
       ->type_name("FILE")
       ->group(group);
   app.add_flag("--in-process", options.in_process, "Run plugins in the console's own process, to debug them")
       ->envname("MSP_CONSOLE_IN_PROCESS")
       ->group(group);
   app.add_option("--debug-plugin", options.debug_plugin, "Let this plugin's process wait for a debugger")
       ->envname("MSP_CONSOLE_DEBUG_PLUGIN")
       ->type_name("ID")
       ->group(group);
   app.add_option("--preset", options.presets, "Value for a field that the plugin marks `preset` (repeatable)")
       ->allow_extra_args(false)
       ->type_name("PLUGIN.FIELD=SOURCE (Env:MSP_CONSOLE_PRESET)")
       ->group(group);

   app.add_option("--cacert", options.cacert, "More certificate authorities to trust, in PEM")
       ->envname("MSP_CONSOLE_CACERT")
       ->check(plain_file)
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
       ->allow_extra_args(false)
       ->delimiter(',')
       ->type_name("HOST1:PORT1:HOST2:PORT2 (Env:MSP_CONSOLE_CONNECT_TO)")
       ->group(network);
   app.add_option("--connect-timeout", options.connect_timeout, "Seconds for a connection, 0.001 to 86400")
       ->capture_default_str()
       ->envname("MSP_CONSOLE_CONNECT_TIMEOUT")
       ->check(day)
       ->type_name("SECONDS")
       ->group(network);
   app.add_option("--sign-in-port", options.sign_in_port,
                  "Port on this machine that a platform sends a browser back to; any free one unless given")
       ->envname("MSP_CONSOLE_SIGN_IN_PORT")
       ->type_name("PORT")
       ->group(network);
   app.add_option("--timeout", options.timeout, "Seconds for a whole check, 0.001 to 86400")
       ->capture_default_str()
       ->envname("MSP_CONSOLE_TIMEOUT")
       ->check(day)
       ->type_name("SECONDS")
       ->group(network);
   app.add_option("--step-timeout", options.step_timeout, "Seconds for each step of a check, 0.001 to 86400")
       ->capture_default_str()
       ->envname("MSP_CONSOLE_STEP_TIMEOUT")
       ->check(day)
       ->type_name("SECONDS")
       ->group(network);
}

void add_lists_from_environment(GlobalOptions& options) {
   const auto fill = [](std::vector<std::string>& values, const char* variable, bool names_paths) {
      if (values.empty()) values = values_of(variable, names_paths);
   };
   fill(options.plugin_dirs, "MSP_CONSOLE_PLUGIN_DIR", true);
   fill(options.presets, "MSP_CONSOLE_PRESET", false);
   fill(options.connect_to, "MSP_CONSOLE_CONNECT_TO", false);
}

host::Languages languages(const GlobalOptions& options) {
   std::string locale = options.language;
   for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"})
      if (const char* value = std::getenv(variable); locale.empty() && value != nullptr) locale = value;
   const std::string language = host::language_of_locale(locale);
   return language.empty() ? host::Languages{} : host::Languages{language};
}

CLI::Validator plain_file_validator() {
   return CLI::Validator(
       [](std::string& file) {
          if (file.empty()) return refuse_no_path(file);
          const auto plain = judge_plain_file(file);
          return plain ? std::string() : "\"" + one_line(file, 1000) + "\" " + plain.finding().summary;
       },
       "");
}

ConsoleOptions console_options(const GlobalOptions& options, const std::string& program,
                               std::shared_ptr<spdlog::logger> log) {
   ConsoleOptions result;
   for (const std::string& directory : options.plugin_dirs) {
      check_plugin_dir(directory);
      result.plugin_dirs.emplace_back(directory);
   }
   if (result.plugin_dirs.empty()) result.plugin_dirs.push_back(default_plugin_dir(program));
   result.data_dir = options.data_dir.empty() ? default_data_dir() : std::filesystem::path(options.data_dir);
   // Absolute, because messages name it and a library is loaded from below it.
   result.data_dir = absolute_path(result.data_dir, "--data-dir");
   if (const char* directory = std::getenv("CREDENTIALS_DIRECTORY")) result.credentials_directory = directory;
   result.network.ca_file = options.cacert;
   result.network.proxy = options.proxy;
   result.network.connect_to = options.connect_to;
   result.network.connect_timeout = milliseconds(options.connect_timeout);
   result.load_timeout =
       std::min({result.load_timeout, milliseconds(options.step_timeout), milliseconds(options.timeout)});
   // A console that was built with a sanitizer has no runner, nor has one on a system without isolation.
#if MSP_CONSOLE_HAS_RUNNER
   result.runner = default_runner(program);
#endif
   result.in_process = options.in_process;
   result.debug_plugin = options.debug_plugin;
   result.on_debug = [](int process) {
      const std::string id = std::to_string(process);
      print(Stream::error, "The plugin's process " + id + " waits for a debugger: gdb -p " + id + '\n');
   };
   result.before_in_process = leave_standard_streams;
   result.log = std::move(log);
   return result;
}

}  // namespace msp::console
