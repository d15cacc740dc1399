// plugin_backend.hpp - where the code of a plugin runs: in the console's process, or in one of its own.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "contract/call.hpp"
#include "msp/host/result.hpp"

namespace msp::host {

// What a plugin is given to return by itself after a cancel or the deadline; the rest of the 200 ms is the host's.
inline constexpr std::chrono::milliseconds kGrace{150};

// How an operation came to its end.
struct OperationEnd {
   msp_outcome outcome = MSP_FAILED;
   std::optional<Call::Clock::time_point> returned_at;  // or ended; absent: the host gave up waiting
   std::optional<Finding> fault;                        // what the plugin did wrong; its connection serves no more
};

// One connection of a plugin. One operation at a time.
class PluginBackend {
 public:
   struct Terms {
      std::stop_token cancel;
      std::string correlation_id;
      std::shared_ptr<void> alive;  // what the call stands on, for a plugin that returns late
   };

   PluginBackend() = default;
   PluginBackend(const PluginBackend&) = delete;
   PluginBackend& operator=(const PluginBackend&) = delete;
   virtual ~PluginBackend() = default;

   // Waits until the plugin has returned, but no longer than the deadline of the call, or a cancel, and the grace
   // after it. Ends
   // the call for the plugin.
   virtual OperationEnd run(Operation operation, const std::shared_ptr<Call>& call, const Terms& terms) = 0;

   // The next operation will not follow at once.
   virtual void rest() = 0;
};

// The code of one plugin. [any-thread]
class PluginCode {
 public:
   PluginCode() = default;
   PluginCode(const PluginCode&) = delete;
   PluginCode& operator=(const PluginCode&) = delete;
   virtual ~PluginCode() = default;

   virtual Result<std::unique_ptr<PluginBackend>> connect() = 0;
};

}  // namespace msp::host
