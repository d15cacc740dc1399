// global_options.hpp - the options that every command understands, before or after it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/console.hpp"

namespace CLI {
class App;
class Validator;
}  // namespace CLI
namespace spdlog {
class logger;
}

namespace msp::console {

struct GlobalOptions {
   std::vector<std::string> plugin_dirs;
   std::string data_dir;
   bool json = false;
   bool no_input = false;
   bool yes = false;
   bool wide = false;
   bool verbose = false;
   std::string language;
   std::string log_level;
   std::string log_file;
   std::string cacert;
   std::optional<std::string> proxy;
   std::vector<std::string> connect_to;
   double connect_timeout = 15;  // seconds, as the next two
   double timeout = 120;
   double step_timeout = 30;
   std::uint16_t sign_in_port = 0;
   std::vector<std::string> presets;
   bool in_process = false;
   std::string debug_plugin;
};

// Each also as MSP_CONSOLE_<NAME> and in the configuration file. `options` must outlive the parsing.
void add_global_options(CLI::App& app, GlobalOptions& options);

// Options that may be repeated take several values from their variable; called once the rest is parsed. Directories are
// separated as in PATH; values that hold colons, by commas, or by line ends where there is one.
void add_lists_from_environment(GlobalOptions& options);

// For options whose file is read as a whole, maybe more than once: no pipe, no directory, nothing that is not there.
CLI::Validator plain_file_validator();

// Throws UsageError when the log file cannot be written. Null: no log.
std::shared_ptr<spdlog::logger> make_log(const GlobalOptions& options);

// Whatever the logger writes from now on has its secrets taken out. REQUIRES: the redactor outlives the logger's use.
void redact_log(spdlog::logger& log, const host::Redactor& redactor);

// Of whoever reads what is printed: --lang, else what the system's locale says.
host::Languages languages(const GlobalOptions& options);

// With the defaults for what was not given. `program` is argv[0].
ConsoleOptions console_options(const GlobalOptions& options, const std::string& program,
                               std::shared_ptr<spdlog::logger> log);

}  // namespace msp::console
