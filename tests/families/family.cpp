#include "family.hpp"

#include <gtest/gtest.h>

namespace msp::test {
namespace {

std::string texts(const std::vector<host::Finding>& findings) {
   std::string text;
   for (const host::Finding& finding : findings) text += finding.code + ": " + finding.summary + "\n";
   return text;
}

}  // namespace

Platform::Platform(std::vector<std::string> hosts, Script script)
    : script_(std::move(script)),
      simulator_(sim::WireScenario{}, std::move(hosts), [this](const sim::Request& request) {
         const std::lock_guard lock(mutex_);
         seen_.push_back(request);
         return script_(request);
      }) {}

host::NetworkOptions Platform::network() const {
   host::NetworkOptions network;
   network.ca_file = simulator_.ca_file();
   network.connect_to = simulator_.connect_to();
   return network;
}

std::vector<sim::Request> Platform::seen() const {
   const std::lock_guard lock(mutex_);
   return seen_;
}

std::vector<std::string> Platform::asked() const {
   std::vector<std::string> asked;
   for (const sim::Request& each : seen()) asked.push_back(each.method + " " + each.host() + each.path);
   return asked;
}

void Platform::change(const std::function<void()>& what) {
   const std::lock_guard lock(mutex_);
   what();
}

Family::Family(const std::string& name, const Platform& platform)
    : plugin_(std::filesystem::path(FAMILIES) / (name + SUFFIX), platform.network()) {}

host::CheckReport Family::check(const Values& values, const Values& secrets, const host::CheckOptions& options) const {
   return plugin_.check(values, secrets, options);
}

std::unique_ptr<host::Integration> Family::integration(const Values& values, const Values& secrets,
                                                       host::IntegrationOptions options) const {
   return std::make_unique<host::Integration>(plugin_.shared(), settings(values, secrets), std::move(options));
}

host::Response get(host::Integration& integration, const std::string& path) {
   return integration.request({"GET", path, {}, {}});
}

FamilyConsole::FamilyConsole(const std::string& name, Platform& platform) : name_(name) {
   program_.use(platform.simulator());
   const auto enabled = run({"plugin", "enable", name, "--yes"});
   EXPECT_EQ(enabled.exit_code, 0) << enabled.err << enabled.out;
}

test_support::ProcessResult FamilyConsole::add(const Values& values, const Values& secrets,
                                               std::vector<std::string> more) {
   std::vector<std::string> command = {"integration", "add", "--platform", name_};
   command.insert(command.end(), more.begin(), more.end());
   return with(std::move(command), values, secrets);
}

test_support::ProcessResult FamilyConsole::edit(const std::string& integration, const Values& values,
                                                const Values& secrets) {
   return with({"integration", "edit", integration}, values, secrets);
}

test_support::ProcessResult FamilyConsole::with(std::vector<std::string> command, const Values& values,
                                                const Values& secrets) {
   command.insert(command.end(), {"--no-input", "--json"});
   for (const auto& [id, value] : values) command.insert(command.end(), {"--set", id + "=" + value});
   for (const auto& [id, source] : secrets) {
      const std::string variable = "SECRET_" + id;
      if (source.starts_with('=')) program_.environment[variable] = source.substr(1);
      command.insert(command.end(), {"--secret", id + "=" + (source.starts_with('=') ? "@env:" + variable : source)});
   }
   return run(std::move(command));
}

std::string told(const host::CheckReport& report) { return texts(report.findings); }
std::string told(const host::Response& response) { return texts(response.findings); }

}  // namespace msp::test
