#include "plugins.hpp"

#include <algorithm>

#include "msp/host/text.hpp"

namespace msp::console {
namespace {

// Of several files with one id, the one that can serve; else the first.
const PluginView* pick(const std::vector<PluginView>& views, std::string_view id) {
   const PluginView* picked = nullptr;
   for (const PluginView& view : views) {
      if (view.id() != id) continue;
      const bool serves = !view.entry.serving_copy.empty();
      if (!picked || (serves && picked->entry.serving_copy.empty())) picked = &view;
   }
   return picked;
}

// Approved bytes can cease to load, when a library that they need is gone.
void fail(host::CatalogEntry& entry, const host::Problem& problem) {
   entry.state = problem.code == "plugin.incompatible" ? host::PluginState::incompatible : host::PluginState::failed;
   entry.code = problem.code;
   entry.reason = problem.summary;
   entry.remedy = problem.remedy;
}

host::Problem missing(std::string_view id) {
   return {"plugin.missing", "There is no plugin \"" + host::clean_text(id, 200) + "\".",
           "Choose one of those that there are, or drop its library into a plugin directory."};
}

}  // namespace

std::string PluginView::id() const {
   return host::clean_text(entry.manifest ? entry.manifest->id : entry.file.filename().string(), 200);
}

std::optional<std::vector<PluginChange>> PluginView::changes() const {
   if (!entry.manifest || !entry.approved_manifest) return {};
   return console::changes(*entry.approved_manifest, *entry.manifest);
}

Plugins::Plugins(host::Catalog& catalog, Store& store, host::Host& host, Clock clock)
    : catalog_(catalog), store_(store), host_(host), clock_(std::move(clock)) {}

std::vector<PluginView> Plugins::scan(const std::vector<host::Approval>& approvals) const {
   const auto counts = store_.integrations_per_platform();
   std::vector<PluginView> views;
   for (host::CatalogEntry& entry : catalog_.scan(approvals)) {
      PluginView view{std::move(entry), 0, {}};
      if (view.entry.manifest) {
         const auto count = counts.find(view.entry.manifest->id);
         if (count != counts.end()) view.integrations = count->second;
         for (const host::Approval& approval : approvals) {
            if (approval.plugin_id == view.entry.manifest->id) view.approved_sha256 = approval.sha256;
         }
      }
      views.push_back(std::move(view));
   }
   return views;
}

std::vector<PluginView> Plugins::list() const {
   std::vector<PluginView> views = scan(store_.approvals());
   for (PluginView& view : views) {
      if (view.entry.state != host::PluginState::enabled) continue;
      const auto plugin = host_.load(view.entry);
      if (!plugin) fail(view.entry, plugin.problem());
   }
   return views;
}

host::Result<PluginView> Plugins::find(std::string_view id) const {
   const std::vector<PluginView> views = list();
   if (const PluginView* view = pick(views, id)) return *view;
   return missing(id);
}

host::Result<PluginView> Plugins::enable(std::string_view id, std::string_view sha256) {
   const host::Approval wanted{std::string(id), std::string(sha256), true};
   std::vector<host::Approval> approvals = store_.approvals();
   std::erase_if(approvals, [&](const host::Approval& approval) { return approval.plugin_id == id; });
   approvals.push_back(wanted);

   const std::vector<PluginView> views = scan(approvals);
   const PluginView* view = pick(views, id);
   if (!view) return missing(id);
   if (view->entry.state != host::PluginState::enabled) {
      if (!view->entry.sha256.empty() && view->entry.sha256 != sha256) {
         return host::Problem{"plugin.modified", "The file of the plugin \"" + view->id() + "\" has just been changed.",
                              "Look at it again before you enable it."};
      }
      return host::Problem{view->entry.code, view->entry.reason, view->entry.remedy};
   }
   auto plugin = host_.load(view->entry);
   if (!plugin) return plugin.problem();
   store_.set_approval(wanted, clock_());
   return *view;
}

host::Result<host::Approval> Plugins::disable(std::string_view id) {
   for (host::Approval approval : store_.approvals()) {
      if (approval.plugin_id != id) continue;
      approval.enabled = false;
      store_.set_approval(approval, clock_());
      return approval;
   }
   auto found = find(id);
   if (!found) return found.problem();
   return host::Problem{"plugin.not_enabled", "The plugin \"" + found.value().id() + "\" was never enabled.",
                        "There is nothing to disable."};
}

host::Result<std::shared_ptr<host::Plugin>> Plugins::open(std::string_view id) const {
   auto found = find(id);
   if (!found) return found.problem();
   return host_.load(found.value().entry);
}

}  // namespace msp::console
