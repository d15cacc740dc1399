// connection_state.hpp - everything that one connection touches. Each operation's thread shares in owning it, so it
// lives until the last one has returned, however late.
#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "contract/allowed_hosts.hpp"
#include "contract/call.hpp"
#include "contract/loaded_plugin.hpp"
#include "contract/plugin_backend.hpp"
#include "msp/host/settings.hpp"
#include "redaction/known_secrets.hpp"

namespace msp::host {

struct ConnectionState {
   ConnectionState(std::shared_ptr<LoadedPlugin> plugin_state, CheckedSettings checked);
   ~ConnectionState();
   ConnectionState(const ConnectionState&) = delete;
   ConnectionState& operator=(const ConnectionState&) = delete;

   // The calls already made stay valid memory, the latest few of them: see Call.
   const std::shared_ptr<Call>& keep(std::shared_ptr<Call> call);

   const std::shared_ptr<LoadedPlugin> plugin;
   CheckedSettings settings;  // guarded by `serial`, but for the thread of the operation
   const AllowedHosts hosts;
   KnownSecrets secrets;
   std::mutex serial;   // held while an operation runs
   bool usable = true;  // guarded by `serial`
   std::deque<std::shared_ptr<Call>> calls;
   std::unique_ptr<PluginBackend> backend;
};

}  // namespace msp::host
