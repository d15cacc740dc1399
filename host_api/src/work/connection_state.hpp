// connection_state.hpp - everything that one connection touches. Each operation's thread shares in owning it, so it
// lives until the last one has returned, however late.
#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "contract/allowed_hosts.hpp"
#include "contract/call.hpp"
#include "contract/loaded_plugin.hpp"
#include "msp/host/settings.hpp"
#include "redaction/known_secrets.hpp"

namespace msp::host {

struct ConnectionState {
   ConnectionState(std::shared_ptr<LoadedPlugin> plugin_state, CheckedSettings checked);
   ~ConnectionState();  // lets the plugin destroy its side
   ConnectionState(const ConnectionState&) = delete;
   ConnectionState& operator=(const ConnectionState&) = delete;

   // The calls already made stay valid memory, the latest few of them: see Call.
   const std::shared_ptr<Call>& keep(std::shared_ptr<Call> call);

   const std::shared_ptr<LoadedPlugin> plugin;
   const CheckedSettings settings;
   const AllowedHosts hosts;
   KnownSecrets secrets;
   msp_connection* handle = nullptr;
   std::mutex serial;   // held while an operation runs
   bool usable = true;  // guarded by `serial`
   std::deque<std::shared_ptr<Call>> calls;
};

}  // namespace msp::host
