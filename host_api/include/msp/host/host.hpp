// msp/host/host.hpp - loads plugins and lets them work: one Host per process is enough.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "msp/host/catalog.hpp"
#include "msp/host/finding.hpp"
#include "msp/host/network.hpp"
#include "msp/host/outcome.hpp"
#include "msp/host/redaction.hpp"
#include "msp/host/session.hpp"
#include "msp/host/settings.hpp"

namespace spdlog {
class logger;
}

namespace msp::host {

struct ConnectionState;  // what stands behind a Connection, a Plugin, a Host is known to the library only
struct LoadedPlugin;
struct HostState;

// Is told before a plugin's code runs, and when it came to its end: what it wrote down is all that is left when the
// plugin ends the process. [any-thread]
class PluginWatch {
 public:
   PluginWatch() = default;
   PluginWatch(const PluginWatch&) = delete;
   PluginWatch& operator=(const PluginWatch&) = delete;
   virtual ~PluginWatch() = default;

   // `work` is "load", "create", "destroy" or the name of an operation. The number is handed to the other two.
   virtual std::uint64_t begin(const std::string& plugin_id, const std::string& sha256, std::string_view work) = 0;
   // It did not come to its end in time, and may never.
   virtual void overdue(std::uint64_t number) = 0;
   virtual void end(std::uint64_t number) = 0;
};

struct HostOptions {
   std::string name = "msp-host";
   std::string version = "0";
   NetworkOptions network;
   std::shared_ptr<spdlog::logger> log;  // null: no log
   std::chrono::milliseconds load_timeout{10'000};
   std::shared_ptr<PluginWatch> watch = nullptr;  // null: nobody
};

// Whether a plugin did not come to its end while it was loaded. The system then loads no other one, and the process
// cannot leave main: end it with std::_Exit. [any-thread]
bool has_stuck_load() noexcept;

enum class Operation { validate_credentials, check_permissions, authenticate };
std::string_view name(Operation operation) noexcept;

// What one operation reported, checked against the contract, made valid UTF-8 and redacted.
struct OperationReport {
   Outcome outcome = Outcome::failed;
   std::vector<Finding> findings;
   std::vector<Grant> grants;
   std::optional<Identity> identity;
   std::optional<Session> session;
   std::chrono::milliseconds elapsed{0};
};

struct OperationOptions {
   std::chrono::milliseconds timeout{30'000};
   std::stop_token cancel;
   std::function<void(const std::string& sentence)> on_progress;  // called on the operation's thread
   std::string correlation_id;                                    // in every log line of the operation
};

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

 private:
   friend class Integration;
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
   [[nodiscard]] std::optional<Problem> load_problem(const std::string& sha256) const;

   // Everything the console prints or logs about a check goes through it.
   [[nodiscard]] Redactor& redactor() noexcept;

 private:
   std::unique_ptr<HostState> state_;
};

// No core dump of this process, which would hold secrets. Called once at start by consoles. [any-thread]
void disable_core_dumps() noexcept;

}  // namespace msp::host
