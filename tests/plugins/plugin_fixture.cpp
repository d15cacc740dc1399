#include "plugin_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "msp/host/catalog.hpp"

namespace msp::test {
namespace {

[[noreturn]] void give_up(const std::string& reason) { throw std::runtime_error(reason); }

host::CatalogEntry only_entry(const host::Catalog& catalog, const std::vector<host::Approval>& approvals,
                              host::PluginState wanted) {
   const auto entries = catalog.scan(approvals);
   if (entries.size() != 1) give_up("one plugin was dropped, " + std::to_string(entries.size()) + " were found");
   if (entries[0].state != wanted) give_up(std::string(name(entries[0].state)) + ": " + entries[0].reason);
   return entries[0];
}

void expect_free_of(const std::map<std::string, std::string>& secrets, const std::string& text) {
   for (const auto& [id, secret] : secrets) {
      if (secret.size() < host::Redactor::kShortest) continue;
      EXPECT_EQ(text.find(secret), std::string::npos) << "the secret " << id << " is in: " << text;
   }
}

}  // namespace

host::Settings settings(const std::map<std::string, std::string>& values,
                        const std::map<std::string, std::string>& secrets) {
   host::Settings settings;
   for (const auto& [id, value] : values) settings.values[id] = value;
   for (const auto& [id, secret] : secrets) settings.secrets.insert_or_assign(id, host::SecretBytes(secret));
   return settings;
}

LoadedPlugin::LoadedPlugin(const std::filesystem::path& library, host::NetworkOptions network,
                           const std::function<void(host::HostOptions&)>& change) {
   const auto drop = directory_.path() / "plugins";
   const auto data = directory_.path() / "data";
   for (const auto& each : {drop, data}) {
      std::filesystem::create_directory(each);
      std::filesystem::permissions(each, std::filesystem::perms::owner_all);
   }
   std::filesystem::copy_file(library, drop / library.filename());
   std::filesystem::permissions(drop / library.filename(), std::filesystem::perms::owner_all);

   const host::Catalog catalog({drop}, data);
   const auto found = only_entry(catalog, {}, host::PluginState::available);
   const auto approved = only_entry(catalog, {{found.manifest->id, found.sha256, true}}, host::PluginState::enabled);

   host::HostOptions options;
   options.network = std::move(network);
   options.runner = test_support::runner();
   if (change) change(options);
   host_ = std::make_unique<host::Host>(std::move(options));
   auto loaded = host_->load(approved);
   if (!loaded) give_up(loaded.finding().summary);
   plugin_ = loaded.value();
}

host::CheckReport LoadedPlugin::check(const std::map<std::string, std::string>& values,
                                      const std::map<std::string, std::string>& secrets,
                                      host::CheckOptions options) const {
   const auto tell = options.on_event;
   options.on_event = [&](const host::CheckEvent& event) {
      expect_free_of(secrets, event.sentence);
      if (tell) tell(event);
   };
   auto report = host::check(*plugin_, settings(values, secrets), options);
   expect_free_of(secrets, host::to_json(report, plugin_->manifest(), {}));
   return report;
}

void expect_nothing_of(std::string_view secret, const host::CheckReport& report, const host::Manifest& manifest) {
   std::string document = host::to_json(report, manifest, {});
   const std::size_t id = document.find('"' + report.correlation_id + '"');
   ASSERT_NE(id, std::string::npos) << document;
   document.erase(id, report.correlation_id.size() + 2);
   for (std::size_t at = 0; at + 4 <= secret.size(); ++at)
      EXPECT_EQ(document.find(secret.substr(at, 4)), std::string::npos) << secret.substr(at) << " is in " << document;
}

host::Finding first_error(const host::CheckReport& report) {
   const auto found = std::find_if(report.findings.begin(), report.findings.end(),
                                   [](const auto& each) { return each.severity == host::Severity::error; });
   return found == report.findings.end() ? host::Finding{} : *found;
}

bool has_finding(const host::CheckReport& report, std::string_view code) {
   return std::any_of(report.findings.begin(), report.findings.end(),
                      [&](const auto& each) { return each.code == code; });
}

const host::Grant* find_grant(const host::CheckReport& report, std::string_view permission_id) {
   const auto found = std::find_if(report.grants.begin(), report.grants.end(),
                                   [&](const auto& each) { return each.permission_id == permission_id; });
   return found == report.grants.end() ? nullptr : &*found;
}

}  // namespace msp::test
