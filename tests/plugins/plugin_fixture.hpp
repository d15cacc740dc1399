// plugin_fixture.hpp - a real plugin file, taken the way a console takes it: dropped, found, approved, loaded, checked.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "msp/host/check.hpp"
#include "msp/host/host.hpp"
#include "test_support/runner.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::test {

class LoadedPlugin {
 public:
   // Throws std::runtime_error with the library's own words when the plugin cannot be used.
   LoadedPlugin(const std::filesystem::path& library, host::NetworkOptions network,
                const std::function<void(host::HostOptions&)>& change = {});

   [[nodiscard]] host::Plugin& plugin() const noexcept { return *plugin_; }
   [[nodiscard]] const std::shared_ptr<host::Plugin>& shared() const noexcept { return plugin_; }

   // One whole check. Every text of the report is searched for every secret; finding one fails the test.
   host::CheckReport check(const std::map<std::string, std::string>& values,
                           const std::map<std::string, std::string>& secrets, host::CheckOptions options = {}) const;

 private:
   test_support::TempDir directory_;
   std::unique_ptr<host::Host> host_;
   std::shared_ptr<host::Plugin> plugin_;
};

// No four bytes of the secret stand in a row anywhere in the report's document. The correlation id is left out: it is
// random, and sometimes four of its hex digits are also four of the secret's.
void expect_nothing_of(std::string_view secret, const host::CheckReport& report, const host::Manifest& manifest);

// The settings of a check, for those who run single operations.
host::Settings settings(const std::map<std::string, std::string>& values,
                        const std::map<std::string, std::string>& secrets);

// The first finding of severity error, or an empty one.
host::Finding first_error(const host::CheckReport& report);
bool has_finding(const host::CheckReport& report, std::string_view code);
const host::Grant* find_grant(const host::CheckReport& report, std::string_view permission_id);

}  // namespace msp::test
