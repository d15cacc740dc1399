#include "msp/host/host.hpp"

#include <map>
#include <mutex>

#include "connection_state.hpp"
#include "defect.hpp"
#include "host_table.hpp"
#include "loaded_plugin.hpp"
#include "loader.hpp"
#include "runtime.hpp"

namespace msp::host {
namespace {

Problem problem_of(const Finding& finding) { return {finding.code, finding.summary, finding.remedy}; }

// Why an entry has no bytes that may be loaded.
Problem not_loadable(const CatalogEntry& entry) {
   if (!entry.code.empty()) return {entry.code, entry.reason, entry.remedy};
   const std::string name = entry.manifest ? entry.manifest->name : entry.file.filename().string();
   return {"plugin.not_enabled", "The platform " + name + " is not enabled.", "Enable its plugin, then try again."};
}

}  // namespace

struct HostState {
   explicit HostState(HostOptions options) : runtime(std::make_shared<Runtime>(std::move(options))) {}

   const std::shared_ptr<Runtime> runtime;
   std::mutex mutex;
   std::map<std::string, std::shared_ptr<Plugin>> loaded;  // by sha256; guarded by `mutex`
};

Host::Host(HostOptions options) : state_(std::make_unique<HostState>(std::move(options))) {}
Host::~Host() { state_->runtime->operations.wait_until_idle(); }

Redactor& Host::redactor() noexcept { return state_->runtime->redactor; }

Result<std::shared_ptr<Plugin>> Host::load(const CatalogEntry& entry) {
   if (entry.serving_copy.empty() || !entry.serving_manifest) return not_loadable(entry);
   const std::lock_guard lock(state_->mutex);
   if (const auto found = state_->loaded.find(entry.serving_sha256); found != state_->loaded.end())
      return found->second;

   const auto& manifest = *entry.serving_manifest;
   const auto own_texts = std::make_shared<OwnTexts>(entry.serving_copy);
   const auto& host_table = make_host_table(state_->runtime, manifest.id, own_texts);
   auto table = load_plugin(entry.serving_copy, host_table);
   if (!table) {
      const auto& problem = table.problem();
      state_->runtime->log(MSP_LOG_ERROR, manifest.id, problem.summary);
      return problem;
   }
   auto plugin = std::make_shared<LoadedPlugin>();
   plugin->runtime = state_->runtime;
   plugin->manifest = manifest;
   plugin->sha256 = entry.serving_sha256;
   plugin->own_texts = own_texts;
   plugin->table = table.value();
   plugin->host = &host_table;
   state_->runtime->log(MSP_LOG_INFO, manifest.id, "loaded version " + manifest.version + ", sha256 " + plugin->sha256);
   return state_->loaded.emplace(entry.serving_sha256, std::make_shared<Plugin>(std::move(plugin))).first->second;
}

Plugin::Plugin(std::shared_ptr<LoadedPlugin> state) noexcept : state_(std::move(state)) {}
Plugin::~Plugin() = default;

const Manifest& Plugin::manifest() const noexcept { return state_->manifest; }
const std::string& Plugin::sha256() const noexcept { return state_->sha256; }

Result<Connection> Plugin::connect(CheckedSettings settings) {
   const auto& manifest = state_->manifest;
   if (state_->left_behind)
      return Problem{
          "plugin.defect",
          "The plugin " + manifest.name + " did not return from an earlier operation and is not used again.",
          "Restart the console; if it happens again, report it to the plugin's vendor, " + manifest.vendor + '.'};
   auto connection = std::make_shared<ConnectionState>(state_, std::move(settings));
   msp_outcome(MSP_CALL * create)(const msp_host*, msp_connection**) = state_->table->create;
   msp_outcome outcome = MSP_FAILED;
   try {
      outcome = create(state_->host, &connection->handle);
   } catch (...) {
      connection->handle = nullptr;
      return problem_of(defect(manifest, "P4", "threw an exception"));
   }
   if (outcome == MSP_ACCEPTED && connection->handle != nullptr) return Connection(std::move(connection));
   connection->handle = nullptr;  // not ours to destroy
   return problem_of(defect(manifest, "P3", "made no connection"));
}

}  // namespace msp::host
