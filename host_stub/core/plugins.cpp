#include "core/plugins.hpp"

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

void tell(host::CatalogEntry& entry, host::PluginState state, const host::Finding& problem) {
   entry.state = state;
   entry.code = problem.code;
   entry.reason = problem.summary;
   entry.remedy = problem.remedy;
}

// One that ended a process while it was loaded is not loaded again; one that did it at work is said to have.
void take_in(host::CatalogEntry& entry, const PluginEnd& end) {
   if (end.plugin_id != entry.manifest->id) return;
   const bool serves = entry.serving_sha256 == end.sha256;
   if (!serves && (entry.sha256 != end.sha256 || entry.state != host::PluginState::available)) return;
   const host::Finding problem = problem_of(end);
   if (serves && end.while_loading()) {
      tell(entry, host::PluginState::failed, problem);
      entry.serving_sha256.clear();
      entry.serving_copy.clear();
      entry.serving_manifest.reset();
   } else if (entry.code.empty()) {
      tell(entry, entry.state, problem);
   }
}

// Approved bytes can cease to load, when a library that they need is gone.
void fail(host::CatalogEntry& entry, const host::Finding& problem) {
   const bool incompatible = problem.code == "plugin.incompatible";
   tell(entry, incompatible ? host::PluginState::incompatible : host::PluginState::failed, problem);
}

// What was typed in the place of an id may be a secret.
host::Finding missing(std::string_view id, const host::Redactor& redactor) {
   return {"plugin.missing", "There is no plugin \"" + host::clean_text(redactor.redact_ours(id), 200) + "\".",
           "Choose one of those that there are, or drop its library into a plugin directory."};
}

}  // namespace

std::string PluginView::id() const {
   return host::clean_text(entry.manifest ? entry.manifest->id : entry.file.filename().string(), 200);
}

std::optional<std::vector<PluginChange>> PluginView::changes() const {
   if (!entry.manifest || !entry.approved_manifest) return {};
   std::vector<PluginChange> all = console::changes(*entry.approved_manifest, *entry.manifest);
   if (auto change = publisher_change(approved_publisher, publisher)) all.insert(all.begin(), std::move(*change));
   return all;
}

Plugins::Plugins(host::Catalog& catalog, Store& store, Vault& vault, Approvals& approvals, host::Host& host,
                 bool all_in_process)
    : catalog_(catalog),
      store_(store),
      vault_(vault),
      approvals_(approvals),
      host_(host),
      all_in_process_(all_in_process) {}

std::vector<PluginView> Plugins::scan(const std::vector<KnownApproval>& approvals) const {
   std::vector<host::Approval> believed;
   for (const KnownApproval& known : approvals) {
      if (!known.doubt) believed.push_back(known.approval);
   }
   const auto counts = store_.integrations_per_platform();
   const std::vector<PluginEnd> ends = store_.plugin_ends();
   std::vector<PluginView> views;
   for (host::CatalogEntry& entry : catalog_.scan(believed)) {
      PluginView& view = views.emplace_back();
      view.entry = std::move(entry);
      if (!view.entry.manifest) continue;
      const std::string& id = view.entry.manifest->id;
      const auto count = counts.find(id);
      if (count != counts.end()) view.integrations = count->second;
      for (const KnownApproval& known : approvals) {
         if (known.approval.plugin_id != id) continue;
         view.approved_sha256 = known.approval.sha256;
         view.isolation = known.approval.isolation;
         if (known.doubt && view.entry.state == host::PluginState::available) {
            tell(view.entry, host::PluginState::failed, *known.doubt);
         }
      }
      for (const PluginEnd& end : ends) take_in(view.entry, end);
      if (const auto problem = host_.load_problem(view.entry.serving_sha256);
          problem && view.entry.state == host::PluginState::enabled) {
         fail(view.entry, *problem);
      }
      if (all_in_process_) view.isolation = host::Isolation::in_process;
      if (view.isolation == host::Isolation::in_process || view.entry.serving_sha256.empty()) continue;
      if (const auto why = host_.quarantined(view.entry.serving_sha256, *view.entry.serving_manifest); why)
         tell(view.entry, view.entry.state, *why);
   }
   return views;
}

bool signs_in_with_browser(const std::vector<PluginView>& plugins, std::string_view platform) {
   return std::ranges::any_of(plugins, [&](const PluginView& plugin) {
      const auto& manifest = plugin.entry.serving_manifest;
      return plugin.id() == platform && manifest && manifest->signs_in_with_browser();
   });
}

std::vector<PluginView> Plugins::list() const { return scan(approvals_.list()); }

host::Result<PluginView> Plugins::find(std::string_view id) const {
   const std::vector<PluginView> views = list();
   if (const PluginView* view = pick(views, id)) return *view;
   return missing(id, host_.redactor());
}

PluginView Plugins::with_details(PluginView view) const {
   const host::CatalogEntry& entry = view.entry;
   if (!entry.file.empty()) view.publisher = publisher_of(entry.file, entry.sha256);
   if (entry.approved_manifest && !entry.serving_copy.empty())
      view.approved_publisher = publisher_of(entry.serving_copy, entry.serving_sha256);
   const bool runs = view.entry.state == host::PluginState::enabled && view.isolation == host::Isolation::process;
   if (!runs) return view;
   if (const auto plugin = host_.load(view.entry, view.isolation)) {
      view.layers = host_.isolation_layers();
   } else {
      tell(view.entry, view.entry.state, plugin.finding());
   }
   return view;
}

host::Result<PluginView> Plugins::choose(std::string_view id, std::string_view sha256) const {
   std::vector<PluginView> views = list();
   // A file that is no plugin for this console has no id but its name, and people leave out how that ends.
   const auto unusable = std::ranges::find_if(
       views, [&](const PluginView& view) { return !view.entry.manifest && view.entry.file.stem().string() == id; });
   const auto why = unusable == views.end()
                        ? missing(id, host_.redactor())
                        : host::Finding{unusable->entry.code, unusable->entry.reason, unusable->entry.remedy};
   std::erase_if(views, [&](const PluginView& view) { return view.id() != id; });
   if (views.empty()) return why;
   std::string files;
   for (const PluginView& view : views) {
      if (!sha256.empty() && view.entry.sha256 == sha256) return view;
      files += (files.empty() ? "" : ", ") + view.entry.file.string() + " (SHA-256 " + view.entry.sha256 + ")";
   }
   if (!sha256.empty()) {
      return host::Finding{
          "plugin.missing",
          "No file of the plugin \"" + host::clean_text(id, 200) + "\" has that SHA-256: " + files + ".",
          "Compare it with what the plugin's author publishes."};
   }
   const bool serves = std::ranges::any_of(
       views, [](const PluginView& view) { return view.entry.state == host::PluginState::enabled; });
   if (views.size() == 1 || serves) return *pick(views, id);
   return host::Finding{"plugin.defect",
                        "Several files have the plugin id \"" + host::clean_text(id, 200) + "\": " + files + ".",
                        "Remove those that you do not want, or say which one with its SHA-256."};
}

host::Result<PluginView> Plugins::enable(std::string_view id, std::string_view sha256) {
   std::vector<KnownApproval> approvals = approvals_.list();
   host::Approval wanted{std::string(id), std::string(sha256), true};
   // Other bytes are another decision.
   for (const KnownApproval& known : approvals)
      if (known.approval.plugin_id == id && known.approval.sha256 == sha256 && !known.doubt)
         wanted.isolation = known.approval.isolation;
   return decide(wanted, std::move(approvals));
}

host::Result<PluginView> Plugins::decide(const host::Approval& wanted, std::vector<KnownApproval> approvals) {
   const std::string& id = wanted.plugin_id;
   const std::string& sha256 = wanted.sha256;
   std::erase_if(approvals, [&](const KnownApproval& known) { return known.approval.plugin_id == id; });
   approvals.push_back({wanted, {}});

   store_.remove_plugin_end(id);
   const std::vector<PluginView> views = scan(approvals);
   const PluginView* view = pick(views, id);
   if (!view) return missing(id, host_.redactor());
   const bool tried_in_vain = host_.load_problem(sha256).has_value();
   if (view->entry.state != host::PluginState::enabled && !(tried_in_vain && !view->entry.serving_copy.empty())) {
      if (!view->entry.sha256.empty() && view->entry.sha256 != sha256) {
         return host::Finding{"plugin.modified", "The file of the plugin \"" + view->id() + "\" has just been changed.",
                              "Look at it again before you enable it."};
      }
      return host::Finding{view->entry.code, view->entry.reason, view->entry.remedy};
   }
   if (const auto publisher = publisher_of(view->entry.serving_copy, sha256); publisher && !publisher->genuine) {
      return host::Finding{
          "plugin.modified",
          "The file of the plugin \"" + view->id() + "\" was changed after its publisher had signed it.",
          "Get the file from its publisher again."};
   }
   // Before any of its code runs: an approval that cannot be sealed would not count.
   if (auto done = vault_.prepare(); !done) return done.finding();
   auto plugin = host_.load(view->entry, view->isolation);
   if (!plugin) return plugin.finding();
   if (auto done = approvals_.set(wanted); !done) return done.finding();
   catalog_.remove_unneeded_copies(all_approvals());
   auto enabled = find(id);
   return enabled ? enabled : host::Result<PluginView>(*view);
}

host::Result<PluginView> Plugins::set_isolation(std::string_view id, host::Isolation isolation) {
   auto found = find(id);
   if (!found) return found.finding();
   const auto known = approvals_.find(id);
   if (!known || !known->approval.enabled || known->doubt) {
      return host::Finding{"plugin.not_enabled", "The plugin \"" + found.value().id() + "\" is not enabled.",
                           "Enable it, then say where its code shall run."};
   }
   host::Approval wanted = known->approval;
   wanted.isolation = isolation;
   return decide(wanted, approvals_.list());
}

host::Result<PluginView> Plugins::release(std::string_view id) {
   auto found = find(id);
   if (!found) return found.finding();
   const host::CatalogEntry& entry = found.value().entry;
   host_.release(entry.serving_sha256.empty() ? entry.sha256 : entry.serving_sha256);
   return find(id);
}

std::vector<host::Approval> Plugins::all_approvals() const {
   std::vector<host::Approval> approvals;
   for (const ApprovalRecord& record : store_.approvals()) approvals.push_back(record.approval);
   return approvals;
}

host::Result<host::Approval> Plugins::disable(std::string_view id) {
   if (auto known = approvals_.find(id)) {
      known->approval.enabled = false;
      if (auto done = approvals_.set(known->approval); !done) return done.finding();
      return known->approval;
   }
   auto found = find(id);
   if (!found) return found.finding();
   return host::Finding{"plugin.not_enabled", "The plugin \"" + found.value().id() + "\" was never enabled.",
                        "There is nothing to disable."};
}

host::Result<std::shared_ptr<host::Plugin>> Plugins::open(std::string_view id) const {
   auto found = find(id);
   if (!found) return found.finding();
   return host_.load(found.value().entry, found.value().isolation);
}

host::Finding problem_of(const PluginEnd& end) {
   const std::string what = end.while_loading()          ? " while it was loaded"
                            : end.operation == "create"  ? " while it made a connection"
                            : end.operation == "destroy" ? " while it closed a connection"
                                                         : " during " + end.operation;
   const std::string plugin = "the plugin \"" + host::clean_text(end.plugin_id, 200) + "\"";
   const std::string then = end.while_loading() ? "; the plugin is not loaded again until it is enabled again" : "";
   const char* remedy =
       end.while_loading()
           ? "Enable the plugin to try it again, or disable it and ask its author for a corrected version."
           : "If it happens again, disable the plugin and tell its author. Enabling it takes this away.";
   if (end.hung) return {"plugin.hung", "T" + plugin.substr(1) + " did not come to an end" + what + then + ".", remedy};
   return {"plugin.crashed", "The console ended unexpectedly when " + plugin + " was at work," + what + then + ".",
           remedy};
}

}  // namespace msp::console
