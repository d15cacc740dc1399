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

struct HostOptions {
   std::string name = "msp-host";
   std::string version = "0";
   NetworkOptions network;
   std::shared_ptr<spdlog::logger> log;  // null: no log
};

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

   // Loads the approved bytes of an entry (`serving_copy`), once per content. The problem says why it cannot be used.
   Result<std::shared_ptr<Plugin>> load(const CatalogEntry& entry);

   // Everything the console prints or logs about a check goes through it.
   [[nodiscard]] Redactor& redactor() noexcept;

 private:
   std::unique_ptr<HostState> state_;
};

// No core dump of this process, which would hold secrets. Called once at start by consoles. [any-thread]
void disable_core_dumps() noexcept;

}  // namespace msp::host
