#include "msp/host/host.hpp"

#include <map>
#include <mutex>

#include "contract/defect.hpp"
#include "contract/host_table.hpp"
#include "contract/loaded_plugin.hpp"
#include "contract/plugin_work.hpp"
#include "contract/runtime.hpp"
#include "library/loader.hpp"
#include "library/plugin_store.hpp"
#include "work/connection_state.hpp"

namespace msp::host {
namespace {

// Why an entry has no bytes that may be loaded.
Finding not_loadable(const CatalogEntry& entry) {
   if (!entry.code.empty()) return {entry.code, entry.reason, entry.remedy};
   const std::string name = entry.manifest ? entry.manifest->name : entry.file.filename().string();
   return {"plugin.not_enabled", "The platform " + name + " is not enabled.", "Enable its plugin, then try again."};
}

}  // namespace

struct HostState {
   explicit HostState(HostOptions options) : runtime(std::make_shared<Runtime>(std::move(options))) {}

   const std::shared_ptr<Runtime> runtime;
   std::shared_ptr<Plugin> find(const std::string& sha256) {
      const std::lock_guard lock(mutex);
      const auto found = loaded.find(sha256);
      return found == loaded.end() ? nullptr : found->second;
   }

   std::mutex loading;                                     // held while one is loaded, so that nothing is loaded twice
   std::mutex mutex;                                       // guards the next two
   std::map<std::string, std::shared_ptr<Plugin>> loaded;  // by sha256
   std::map<std::string, Finding> failed;                  // likewise
};

Host::Host(HostOptions options) : state_(std::make_unique<HostState>(std::move(options))) {}
Host::~Host() { state_->runtime->operations.wait_until_idle(); }

Redactor& Host::redactor() noexcept { return state_->runtime->redactor; }

Result<std::shared_ptr<Plugin>> Host::load(const CatalogEntry& entry) {
   if (entry.serving_copy.empty() || !entry.serving_manifest) return not_loadable(entry);
   const std::string& sha256 = entry.serving_sha256;
   if (auto plugin = state_->find(sha256)) return plugin;
   const std::lock_guard one_at_a_time(state_->loading);
   if (auto plugin = state_->find(sha256)) return plugin;

   const auto& manifest = *entry.serving_manifest;
   const auto refused = [&](const Finding& problem) {
      state_->runtime->log(MSP_LOG_ERROR, manifest.id, problem.summary);
      const std::lock_guard lock(state_->mutex);
      state_->failed.insert_or_assign(sha256, problem);
      return problem;
   };
   auto bytes = PluginStore::read(entry.serving_copy, sha256);
   if (!bytes) return refused(bytes.finding());

   const auto& host_table = make_host_table(state_->runtime, manifest.id);
   const auto work = std::make_shared<PluginWork>(state_->runtime->options.watch, manifest.id, sha256, "load");
   auto table = load_plugin(
       {manifest.name, entry.serving_copy, std::move(bytes).value(), state_->runtime->options.load_timeout, work},
       host_table);
   if (!table) {
      if (table.finding().code == "plugin.hung") work->overdue();
      return refused(table.finding());
   }
   auto plugin = std::make_shared<LoadedPlugin>();
   plugin->runtime = state_->runtime;
   plugin->manifest = manifest;
   plugin->sha256 = sha256;
   plugin->table = table.value();
   plugin->host = &host_table;
   state_->runtime->log(MSP_LOG_INFO, manifest.id, "loaded version " + manifest.version + ", sha256 " + plugin->sha256);
   const std::lock_guard lock(state_->mutex);
   state_->failed.erase(sha256);
   return state_->loaded.emplace(sha256, std::make_shared<Plugin>(std::move(plugin))).first->second;
}

std::optional<Finding> Host::load_problem(const std::string& sha256) const {
   const std::lock_guard lock(state_->mutex);
   const auto found = state_->failed.find(sha256);
   if (found == state_->failed.end()) return std::nullopt;
   return found->second;
}

Plugin::Plugin(std::shared_ptr<LoadedPlugin> state) noexcept : state_(std::move(state)) {}
Plugin::~Plugin() = default;

const Manifest& Plugin::manifest() const noexcept { return state_->manifest; }
const std::string& Plugin::sha256() const noexcept { return state_->sha256; }

Result<Connection> Plugin::connect(CheckedSettings settings) {
   const auto& manifest = state_->manifest;
   if (state_->left_behind)
      return Finding{
          "plugin.defect",
          "The plugin " + manifest.name + " did not return from an earlier operation and is not used again.",
          "Restart the console; if it happens again, report it to the plugin's vendor, " + manifest.vendor + '.'};
   auto connection = std::make_shared<ConnectionState>(state_, std::move(settings));
   // The same function without its promise not to throw: code from elsewhere may break it.
   msp_connection*(MSP_CDECL * create)(const msp_host*) = state_->table->create;
   const PluginWork work(state_->runtime->options.watch, manifest.id, state_->sha256, "create");
   try {
      connection->handle = create(state_->host);
   } catch (...) {
      return defect(manifest, "P4", "threw an exception");
   }
   if (connection->handle != nullptr) return Connection(std::move(connection));
   return defect(manifest, "P3", "made no connection");
}

}  // namespace msp::host
