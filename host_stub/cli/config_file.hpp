// config_file.hpp - the configuration file: NAME = VALUE, an option's name without its dashes.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <map>
#include <string>
#include <vector>

namespace msp::console {

// INI or TOML: one value or a list a line, quoted or not, comments with # or ;, [COMMAND] before the options of a
// command. A list may go over several lines. What is wrong is told with file, line and name, and never with a value,
// which may be a secret.
class ConfigFile : public CLI::Config {
 public:
   // Both must outlive it.
   explicit ConfigFile(const CLI::App& app) : app_(app) {}

   std::string to_config(const CLI::App*, bool, bool, std::string) const override { return {}; }
   std::vector<CLI::ConfigItem> from_config(std::istream& stream) const override;

   // Where the option that a complaint of CLI11 names was given, such as `"console.toml", line 3`; empty when it does
   // not come from the file.
   [[nodiscard]] std::string place_of(const std::string& complaint) const;

 private:
   const CLI::App& app_;
   mutable std::map<std::string, std::string> places_;  // by "--name"
};

}  // namespace msp::console
