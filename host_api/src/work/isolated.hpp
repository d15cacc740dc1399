// isolated.hpp - a plugin's code in a process of its own.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "contract/loaded_plugin.hpp"
#include "contract/plugin_backend.hpp"
#include "msp/host/host.hpp"
#include "work/plugin_quarantine.hpp"

namespace msp::host {

// What the isolated plugins of one Host share: the keeper of their processes. [any-thread]
class Isolated {
 public:
   // The problem says why there is no isolated mode here.
   static Result<std::shared_ptr<Isolated>> open(const HostOptions& options,
                                                 std::shared_ptr<PluginQuarantine> quarantine);

   Isolated() = default;
   Isolated(const Isolated&) = delete;
   Isolated& operator=(const Isolated&) = delete;
   virtual ~Isolated() = default;

   // Starts a process for these bytes, to see that they can be used; the first connection gets it. `file` is where they
   // lie, for debuggers. REQUIRES: the plugin's members but `code` are set.
   virtual Result<std::shared_ptr<PluginCode>> load(const std::shared_ptr<const LoadedPlugin>& plugin,
                                                    const std::filesystem::path& file, std::string_view bytes) = 0;

   [[nodiscard]] virtual std::vector<IsolationLayer> layers() const = 0;
};

}  // namespace msp::host
