// msp/host/plugin_watch.hpp - told when the code of a plugin starts and ends, so that a console can say after a crash
// which plugin it was.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace msp::host {

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

}  // namespace msp::host
