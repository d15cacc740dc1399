// family.hpp - a plugin under test, in front of a platform that the test scripts on this machine.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "console_program.hpp"
#include "msp/host/check.hpp"
#include "msp/host/integration.hpp"
#include "plugin_fixture.hpp"
#include "sim/simulator.hpp"

namespace msp::test {

using Values = std::map<std::string, std::string>;

// Answers for the hosts by the script, which is asked about one request at a time.
class Platform {
 public:
   using Script = std::function<sim::Reply(const sim::Request&)>;
   Platform(std::vector<std::string> hosts, Script script);

   [[nodiscard]] host::NetworkOptions network() const;
   [[nodiscard]] sim::Simulator& simulator() noexcept { return simulator_; }

   // What arrived so far, whole; the texts are "POST login.example.com/oauth/token".
   [[nodiscard]] std::vector<sim::Request> seen() const;
   [[nodiscard]] std::vector<std::string> asked() const;

   // Changes what the script reads while no request is answered.
   void change(const std::function<void()>& what);
   // What the script wrote, likewise: requests of other processes end at times of their own.
   template <class What>
   auto look(What what) const {
      const std::lock_guard lock(mutex_);
      return what();
   }

 private:
   mutable std::mutex mutex_;
   std::vector<sim::Request> seen_;
   Script script_;
   sim::Simulator simulator_;
};

// The plugin of that name, loaded.
class Family {
 public:
   Family(const std::string& name, const Platform& platform);

   [[nodiscard]] const host::Manifest& manifest() const { return plugin_.plugin().manifest(); }
   [[nodiscard]] host::CheckReport check(const Values& values, const Values& secrets,
                                         const host::CheckOptions& options = {}) const;
   [[nodiscard]] std::unique_ptr<host::Integration> integration(const Values& values, const Values& secrets,
                                                                host::IntegrationOptions options = {}) const;

 private:
   LoadedPlugin plugin_;
};

host::Response get(host::Integration& integration, const std::string& path);

// The console's command line, with the plugin of that name enabled and the platform in reach.
class FamilyConsole {
 public:
   FamilyConsole(const std::string& name, Platform& platform);

   // Each secret is given as SOURCE, such as "@file:key.pem"; "=text" gives the text through the environment.
   test_support::ProcessResult add(const Values& values, const Values& secrets, std::vector<std::string> more = {});
   test_support::ProcessResult edit(const std::string& integration, const Values& values, const Values& secrets);
   [[nodiscard]] test_support::ProcessSetup setup(std::vector<std::string> arguments) const {
      return program_.setup(std::move(arguments));
   }
   test_support::ProcessResult run(std::vector<std::string> arguments) { return program_.run(std::move(arguments)); }
   [[nodiscard]] const std::filesystem::path& directory() const { return program_.directory(); }

 private:
   test_support::ProcessResult with(std::vector<std::string> command, const Values& values, const Values& secrets);

   console::test::ConsoleProgram program_;
   std::string name_;
};

// The texts of its findings, for a test that fails.
std::string told(const host::CheckReport& report);
std::string told(const host::Response& response);

}  // namespace msp::test
