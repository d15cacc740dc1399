// subject.hpp - the plugin that is judged, and what its author gave to judge it with.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "msp/host/check.hpp"
#include "msp/host/host.hpp"
#include "sim/scratch_directory.hpp"
#include "sim/simulator.hpp"

namespace msp::author {

struct Subject {
   std::filesystem::path file;
   std::string exchange;          // a script of msp-sim, or a scenario with "simulator"; empty: none
   host::Settings settings;       // that the exchange accepts
   std::filesystem::path runner;  // the program that plugins run in
   unsigned fuzz = 10;            // how many random settings are tried
   unsigned seed = 1;             // of the first of them

   [[nodiscard]] Subject copy() const;
};

// One trial: a platform of its own, which meets these faults, and the plugin loaded for it. No request leaves this
// machine.
class Trial {
 public:
   // `faults` is the JSON of a scenario's "faults". Throws std::runtime_error when there can be no trial.
   explicit Trial(const Subject& subject, const std::string& faults = "[]");
   ~Trial();

   host::CheckReport check(std::stop_token cancel = {}, std::chrono::milliseconds timeout = std::chrono::seconds(20));
   host::Connection connect();  // with the settings of the subject
   [[nodiscard]] std::shared_ptr<host::Plugin> plugin() const { return plugin_; }
   [[nodiscard]] host::Settings settings() const { return settings_->copy(); }
   [[nodiscard]] sim::Simulator& platform() { return *platform_; }

 private:
   std::unique_ptr<host::Settings> settings_;
   std::unique_ptr<sim::Simulator> platform_;
   sim::ScratchDirectory scratch_;
   std::unique_ptr<host::Host> host_;
   std::shared_ptr<host::Plugin> plugin_;
};

// Why a report is none that a plugin may give, whatever the platform did.
std::optional<std::string> defect_of(const host::CheckReport& report);

// The platform of an exchange, with these faults. Throws std::runtime_error.
std::unique_ptr<sim::Simulator> start_platform(const std::string& exchange, const std::string& faults = "[]");

// A copy of the file in a directory of its own below `scratch`, as an administrator drops it. Its place.
std::filesystem::path drop(const std::filesystem::path& file, const std::filesystem::path& scratch);

// A whole file. Throws std::runtime_error.
std::string read_text(const std::filesystem::path& file);

// Settings out of a flat JSON object: the manifest says which are secret. Throws std::runtime_error.
host::Settings read_settings(const host::Manifest& manifest, const std::string& json);

}  // namespace msp::author
