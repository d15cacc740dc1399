// plugins.hpp - the administrator's decisions about plugins: what is there, enable, disable, and the way to a loaded
// one.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/plugin_changes.hpp"
#include "msp/host/catalog.hpp"
#include "msp/host/host.hpp"
#include "store/store.hpp"
#include "vault/approvals.hpp"
#include "vault/vault.hpp"

namespace msp::console {

struct PluginView {
   host::CatalogEntry entry;
   int integrations = 0;
   std::string approved_sha256;                           // empty: never approved
   host::Isolation isolation = host::Isolation::process;  // where its code runs
   std::vector<host::IsolationLayer> layers{};            // what confines it there; see with_details, as the next two
   std::optional<Publisher> publisher{};                  // whose signature the file carries
   std::optional<Publisher> approved_publisher{};         // for a changed file: the approved one's

   // The manifest's id, or the file's name when there is no manifest.
   [[nodiscard]] std::string id() const;

   // How a changed file differs from the approved one, which serves on; nothing when no decision waits.
   [[nodiscard]] std::optional<std::vector<PluginChange>> changes() const;
};

// Whether a person signs in at that platform in a browser, by its plugin in use.
[[nodiscard]] bool signs_in_with_browser(const std::vector<PluginView>& plugins, std::string_view platform);

// Enabling a plugin is the trust decision: none of its code runs before. [any-thread]
class Plugins {
 public:
   Plugins(host::Catalog& catalog, Store& store, Vault& vault, Approvals& approvals, host::Host& host,
           bool all_in_process);

   // Every file in the plugin directories, good or bad. Loads none: that one cannot be loaded is known once it was
   // tried, by this process, or by an earlier one that did not survive it.
   [[nodiscard]] std::vector<PluginView> list() const;

   // By manifest id, or by file name for a file without one. The problem is "plugin.missing".
   [[nodiscard]] host::Result<PluginView> find(std::string_view id) const;

   // The same with what has to be read or tried: its signature, and what confines its process, which is known once one
   // was started. An enabled plugin is loaded.
   [[nodiscard]] PluginView with_details(PluginView view) const;

   // The one of several files of a plugin to be enabled: the only one, or the one with that hash. The problem names
   // all, or says why the file of that name is no plugin for this console.
   [[nodiscard]] host::Result<PluginView> choose(std::string_view id, std::string_view sha256) const;

   // Approves exactly the bytes with this hash, once they have been loaded. Nothing is approved when they cannot be, or
   // when the file holds other bytes by now. What the plugin did to an earlier process is forgotten: it is tried again.
   host::Result<PluginView> enable(std::string_view id, std::string_view sha256);

   // Where an enabled plugin's code runs from now on. It is loaded there first.
   host::Result<PluginView> set_isolation(std::string_view id, host::Isolation isolation);

   // Out of quarantine: it may be started again.
   host::Result<PluginView> release(std::string_view id);

   // Keeps the approval, stops the use. Works for a plugin whose file is gone, too.
   host::Result<host::Approval> disable(std::string_view id);

   // The plugin ready for work, the only one that is loaded for it; or why it is not: plugin.missing,
   // plugin.not_enabled, plugin.modified, plugin.crashed, plugin.hung, plugin.quarantined, or what is wrong with its
   // file.
   host::Result<std::shared_ptr<host::Plugin>> open(std::string_view id) const;

 private:
   [[nodiscard]] std::vector<PluginView> scan(const std::vector<KnownApproval>& approvals) const;

   // Approves what is wanted, once it has been loaded.
   host::Result<PluginView> decide(const host::Approval& wanted, std::vector<KnownApproval> approvals);
   [[nodiscard]] std::vector<host::Approval> all_approvals() const;

   host::Catalog& catalog_;
   Store& store_;
   Vault& vault_;
   Approvals& approvals_;
   host::Host& host_;
   const bool all_in_process_;
};

// What a plugin did to an earlier process, in words.
host::Finding problem_of(const PluginEnd& end);

}  // namespace msp::console
