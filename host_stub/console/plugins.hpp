// plugins.hpp - the administrator's decisions about plugins: what is there, enable, disable, and the way to a loaded
// one.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clock.hpp"
#include "msp/host/catalog.hpp"
#include "msp/host/host.hpp"
#include "plugin_changes.hpp"
#include "store.hpp"

namespace msp::console {

struct PluginView {
   host::CatalogEntry entry;
   int integrations = 0;
   std::string approved_sha256;  // empty: never approved

   // The manifest's id, or the file's name when there is no manifest.
   [[nodiscard]] std::string id() const;

   // How a changed file differs from the approved one, which serves on; nothing when no decision waits.
   [[nodiscard]] std::optional<std::vector<PluginChange>> changes() const;
};

// Enabling a plugin is the trust decision: none of its code runs before. [any-thread]
class Plugins {
 public:
   Plugins(host::Catalog& catalog, Store& store, host::Host& host, Clock clock);

   // Every file in the plugin directories, good or bad. Those that are enabled are loaded, so that one that cannot be
   // is not called good.
   [[nodiscard]] std::vector<PluginView> list() const;

   // By manifest id, or by file name for a file without one. The problem is "plugin.missing".
   [[nodiscard]] host::Result<PluginView> find(std::string_view id) const;

   // Approves exactly the bytes with this hash, once they have been loaded. Nothing is approved when they cannot be, or
   // when the file holds other bytes by now.
   host::Result<PluginView> enable(std::string_view id, std::string_view sha256);

   // Keeps the approval, stops the use. Works for a plugin whose file is gone, too.
   host::Result<host::Approval> disable(std::string_view id);

   // The plugin ready for work, or why it is not: plugin.missing, plugin.not_enabled, plugin.modified, or what is wrong
   // with its file.
   host::Result<std::shared_ptr<host::Plugin>> open(std::string_view id) const;

 private:
   [[nodiscard]] std::vector<PluginView> scan(const std::vector<host::Approval>& approvals) const;

   host::Catalog& catalog_;
   Store& store_;
   host::Host& host_;
   Clock clock_;
};

}  // namespace msp::console
