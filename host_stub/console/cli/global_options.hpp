// global_options.hpp - the options that every command understands, before or after it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "console.hpp"

namespace CLI {
class App;
}
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
   std::string log_level;
   std::string log_file;
   std::string cacert;
   std::optional<std::string> proxy;
   std::vector<std::string> connect_to;
   double connect_timeout = 15;  // seconds, as the next two
   double timeout = 120;
   double step_timeout = 30;
   std::vector<std::string> presets;
};

// Each also as MSP_CONSOLE_<NAME> and in the configuration file. `options` must outlive the parsing.
void add_global_options(CLI::App& app, GlobalOptions& options);

// Throws UsageError when the log file cannot be written. Null: no log.
std::shared_ptr<spdlog::logger> make_log(const GlobalOptions& options);

// Whatever the logger writes from now on has its secrets taken out. REQUIRES: the redactor outlives the logger's use.
void redact_log(spdlog::logger& log, const host::Redactor& redactor);

// With the defaults for what was not given. `program` is argv[0].
ConsoleOptions console_options(const GlobalOptions& options, const std::string& program,
                               std::shared_ptr<spdlog::logger> log);

}  // namespace msp::console
