// msp/host/host.hpp - loads plugins and lets them work: one Host per process is enough.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "msp/host/catalog.hpp"
#include "msp/host/finding.hpp"
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

   // Runs one operation and waits for it: no longer than the timeout, and 200 ms after a cancel. A plugin that does not
   // return by then is left behind on its thread: the report says "plugin.defect", the connection serves no more, and
   // its plugin is not used again by this process.
   OperationReport run(Operation operation, const OperationOptions& options);

 private:
   std::shared_ptr<ConnectionState> state_;
};

// A loaded plugin. [any-thread] It stays in memory for the life of the process.
class Plugin {
 public:
   explicit Plugin(std::shared_ptr<LoadedPlugin> state) noexcept;
   ~Plugin();
   [[nodiscard]] const Manifest& manifest() const noexcept;
   [[nodiscard]] const std::string& sha256() const noexcept;

   // A new connection for these settings, whose secrets it keeps (redacted everywhere) until it is destroyed.
   Result<Connection> connect(CheckedSettings settings);

   // For the library itself.
   [[nodiscard]] const std::shared_ptr<LoadedPlugin>& state() const noexcept { return state_; }

 private:
   std::shared_ptr<LoadedPlugin> state_;
};

// [any-thread] Destroying it waits for running operations, but not for plugins that were left behind.
class Host {
 public:
   explicit Host(HostOptions options);
   ~Host();
   Host(const Host&) = delete;
   Host& operator=(const Host&) = delete;

   // Loads the approved bytes of an entry (`serving_copy`), once per content: those very bytes that have its SHA-256,
   // even when the file is exchanged meanwhile. Ends by the load timeout. The problem says why it cannot be used.
   Result<std::shared_ptr<Plugin>> load(const CatalogEntry& entry);

   // Why these bytes could not be loaded when that was tried last.
   [[nodiscard]] std::optional<Finding> load_problem(const std::string& sha256) const;

   // Everything the console prints or logs about a check goes through it.
   [[nodiscard]] Redactor& redactor() noexcept;

 private:
   std::unique_ptr<HostState> state_;
};

}  // namespace msp::host
