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
#include "work/in_process.hpp"
#include "work/isolated.hpp"

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
   explicit HostState(HostOptions options)
       : runtime(std::make_shared<Runtime>(std::move(options))),
         quarantine(std::make_shared<PluginQuarantine>(runtime->options.quarantine)) {}

   using Key = std::pair<std::string, Isolation>;  // sha256

   const std::shared_ptr<Runtime> runtime;
   std::shared_ptr<Plugin> find(const Key& key) {
      const std::lock_guard lock(mutex);
      const auto found = loaded.find(key);
      return found == loaded.end() ? nullptr : found->second;
   }

   // Opened when the first plugin needs it. Fails closed: without isolation no plugin runs that should have it.
   Result<std::shared_ptr<Isolated>> isolation() {
      const std::lock_guard lock(mutex);
      if (!isolated || !*isolated) isolated = Isolated::open(runtime->options, quarantine);
      return *isolated;
   }
   std::shared_ptr<Isolated> opened_isolation() {
      const std::lock_guard lock(mutex);
      return isolated && *isolated ? isolated->value() : nullptr;
   }

   const std::shared_ptr<PluginQuarantine> quarantine;
   // Held while it is loaded, so that nothing is loaded twice. In this process one is loaded at a time, so that the
   // others are not taken for the one that ended it; nobody waits for the load in another process.
   std::mutex& loading(Key key) {
      if (key.second == Isolation::in_process) key.first.clear();
      const std::lock_guard lock(mutex);
      return loads[key];
   }

   std::mutex mutex;  // guards what follows
   std::map<Key, std::mutex> loads;
   std::map<Key, std::shared_ptr<Plugin>> loaded;
   std::map<std::string, Finding> failed;  // by sha256
   std::optional<Result<std::shared_ptr<Isolated>>> isolated;
};

Host::Host(HostOptions options) : state_(std::make_unique<HostState>(std::move(options))) {}
Host::~Host() { state_->runtime->operations.wait_until_idle(); }

Redactor& Host::redactor() noexcept { return state_->runtime->redactor; }

Result<std::shared_ptr<Plugin>> Host::load(const CatalogEntry& entry) {
   return load(entry, state_->runtime->options.runner.empty() ? Isolation::in_process : Isolation::process);
}

Result<std::shared_ptr<Plugin>> Host::load(const CatalogEntry& entry, Isolation isolation) {
   if (entry.serving_copy.empty() || !entry.serving_manifest) return not_loadable(entry);
   const std::string& sha256 = entry.serving_sha256;
   const HostState::Key key{sha256, isolation};
   if (auto plugin = state_->find(key)) return plugin;
   const std::lock_guard one_at_a_time(state_->loading(key));
   if (auto plugin = state_->find(key)) return plugin;

   auto plugin = std::make_shared<LoadedPlugin>();
   plugin->runtime = state_->runtime;
   plugin->manifest = *entry.serving_manifest;
   plugin->sha256 = sha256;
   const auto loaded = isolation == Isolation::process ? load_isolated(plugin, entry) : load_in_process(plugin, entry);
   if (!loaded) {
      const Finding& problem = loaded.finding();
      state_->runtime->log(MSP_LOG_ERROR, plugin->manifest.id, problem.summary);
      const std::lock_guard lock(state_->mutex);
      // A quarantine ends by itself, and this machine's troubles are not the plugin's.
      if (problem.code != "plugin.quarantined" && problem.code != "host.internal")
         state_->failed.insert_or_assign(sha256, problem);
      return problem;
   }
   state_->runtime->log(MSP_LOG_INFO, plugin->manifest.id,
                        "loaded version " + plugin->manifest.version + ", sha256 " + plugin->sha256 + ", " +
                            std::string(name(isolation)));
   const std::lock_guard lock(state_->mutex);
   state_->failed.erase(sha256);
   return state_->loaded.emplace(key, std::make_shared<Plugin>(std::move(plugin))).first->second;
}

Result<void> Host::load_isolated(const std::shared_ptr<LoadedPlugin>& plugin, const CatalogEntry& entry) {
   auto isolated = state_->isolation();
   if (!isolated) return isolated.finding();
   const auto bytes = PluginStore::read(entry.serving_copy, plugin->sha256);
   if (!bytes) return bytes.finding();
   auto code = isolated.value()->load(plugin, entry.serving_copy, bytes.value());
   if (!code) return code.finding();
   plugin->code = std::move(code).value();
   return {};
}

Result<void> Host::load_in_process(const std::shared_ptr<LoadedPlugin>& plugin, const CatalogEntry& entry) {
   const Manifest& manifest = plugin->manifest;
   auto bytes = PluginStore::read(entry.serving_copy, plugin->sha256);
   if (!bytes) return bytes.finding();
   if (const auto& prepare = state_->runtime->options.before_in_process) prepare();
   const auto& host_table = make_host_table(state_->runtime, manifest.id);
   const auto work = std::make_shared<PluginWork>(state_->runtime->options.watch, manifest.id, plugin->sha256, "load");
   auto table = load_plugin(
       {manifest.name, entry.serving_copy, std::move(bytes).value(), state_->runtime->options.load_timeout, work},
       host_table);
   if (!table) {
      if (table.finding().code == "plugin.hung") work->overdue();
      return table.finding();
   }
   plugin->table = table.value();
   plugin->host = &host_table;
   return {};
}

std::optional<Finding> Host::quarantined(const std::string& sha256, const Manifest& manifest) const {
   return state_->quarantine->finding(sha256, manifest);
}

void Host::release(const std::string& sha256) { state_->quarantine->release(sha256); }

std::vector<IsolationLayer> Host::isolation_layers() const {
   const auto isolated = state_->opened_isolation();
   return isolated ? isolated->layers() : std::vector<IsolationLayer>{};
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
Isolation Plugin::isolation() const noexcept { return state_->code ? Isolation::process : Isolation::in_process; }

Result<Connection> Plugin::connect(CheckedSettings settings) {
   auto backend = state_->code ? state_->code->connect() : connect_in_process(state_);
   if (!backend) return backend.finding();
   auto connection = std::make_shared<ConnectionState>(state_, std::move(settings));
   connection->backend = std::move(backend).value();
   return Connection(std::move(connection));
}

}  // namespace msp::host
