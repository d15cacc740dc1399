// msp/host/host.hpp - loads plugins and lets them work: one Host per process is enough.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "msp/host/catalog.hpp"
#include "msp/host/finding.hpp"
#include "msp/host/isolation.hpp"
#include "msp/host/operation.hpp"
#include "msp/host/options.hpp"
#include "msp/host/redaction.hpp"
#include "msp/host/result.hpp"
#include "msp/host/settings.hpp"

namespace msp::host {

struct ConnectionState;  // what stands behind a Connection, a Plugin, a Host is known to the library only
struct LoadedPlugin;
struct HostState;

// One set of credentials at work with one plugin. Movable. One operation at a time; different connections are
// independent.
class Connection {
 public:
   explicit Connection(std::shared_ptr<ConnectionState> state) noexcept;
   Connection(Connection&&) noexcept;
   Connection& operator=(Connection&&) noexcept;
   ~Connection();

   // Runs one operation and waits for it: no longer than the timeout, and 200 ms after a cancel. The process of a
   // plugin that does not return by then is ended: "plugin.hung". One in the console's process is left behind on its
   // thread: "plugin.defect", and the plugin is not used again by this process. After either the connection serves no
   // more.
   //
   // Never throws: what went wrong is an outcome and a finding of the report. REQUIRES: no other thread is in here.
   OperationReport run(Operation operation, const OperationOptions& options);

   // The next operation will not follow at once: a plugin's own process ends, and the next operation starts another.
   void rest();

 private:
   std::shared_ptr<ConnectionState> state_;
};

// One of the things that confine a plugin's own process.
struct IsolationLayer {
   std::string name;  // for example "landlock"
   bool active = false;
   std::string detail;  // what it is worth here, or why it is absent
};

// A loaded plugin. [any-thread] One in the console's process stays in memory for the life of the process.
class Plugin {
 public:
   explicit Plugin(std::shared_ptr<LoadedPlugin> state) noexcept;
   ~Plugin();
   [[nodiscard]] const Manifest& manifest() const noexcept;
   [[nodiscard]] const std::string& sha256() const noexcept;
   [[nodiscard]] Isolation isolation() const noexcept;

   // A new connection for these settings, whose secrets it keeps (redacted everywhere) until it is destroyed. Asks
   // nobody for anything yet. Why there is none: "plugin.quarantined", "plugin.defect", or an address in the settings
   // that cannot be used. REQUIRES: the settings were checked against this plugin's manifest.
   Result<Connection> connect(CheckedSettings settings);

   // For the library itself.
   [[nodiscard]] const std::shared_ptr<LoadedPlugin>& state() const noexcept { return state_; }

 private:
   std::shared_ptr<LoadedPlugin> state_;
};

// Whether this library can give a plugin a process of its own on this system. [any-thread]
bool can_isolate() noexcept;

// [any-thread] Destroying it waits for running operations, but not for plugins that were left behind.
class Host {
 public:
   explicit Host(HostOptions options);
   ~Host();
   Host(const Host&) = delete;
   Host& operator=(const Host&) = delete;

   // Loads the approved bytes of an entry (`serving_copy`), once per content: those very bytes that have its SHA-256,
   // even when the file is exchanged meanwhile. Ends by the load timeout. The first form gives it a process of its own
   // where a runner was named.
   //
   // The finding says why it cannot be used: "plugin.modified" (the bytes are others), "plugin.incompatible",
   // "plugin.defect", "plugin.crashed", "plugin.hung", "plugin.quarantined", or what this machine lacks
   // ("host.storage", "host.internal"). REQUIRES: the entry has a serving_copy.
   Result<std::shared_ptr<Plugin>> load(const CatalogEntry& entry);
   Result<std::shared_ptr<Plugin>> load(const CatalogEntry& entry, Isolation isolation);

   // Until when these bytes are not started any more, in words, because their processes ended badly; code
   // "plugin.quarantined".
   [[nodiscard]] std::optional<Finding> quarantined(const std::string& sha256, const Manifest& manifest) const;
   // Whatever was remembered of these bytes is forgotten.
   void release(const std::string& sha256);

   // What confines plugins that have a process of their own; known once one was started.
   [[nodiscard]] std::vector<IsolationLayer> isolation_layers() const;

   // Why these bytes could not be loaded when that was tried last.
   [[nodiscard]] std::optional<Finding> load_problem(const std::string& sha256) const;

   // Everything the console prints or logs about a check goes through it. Lives as long as the Host.
   [[nodiscard]] Redactor& redactor() noexcept;

 private:
   Result<void> load_isolated(const std::shared_ptr<LoadedPlugin>& plugin, const CatalogEntry& entry);
   Result<void> load_in_process(const std::shared_ptr<LoadedPlugin>& plugin, const CatalogEntry& entry);

   std::unique_ptr<HostState> state_;
};

}  // namespace msp::host
