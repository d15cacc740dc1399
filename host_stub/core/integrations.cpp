#include "core/integrations.hpp"

#include <algorithm>

#include "core/check_history.hpp"
#include "core/drift.hpp"
#include "core/lock_out_guard.hpp"
#include "core/renamed_fields.hpp"
#include "core/unproven_addresses.hpp"
#include "store/names.hpp"

namespace msp::console {
namespace {

// What a record and a report both tell about an integration.
struct Standing {
   bool refused = false;   // the platform refused the credentials
   bool not_made = false;  // no check came to a result, or the next one tries again by itself
   bool accepted = false;
};

// The one judge of a state: of a saved integration in a list, and of a check that has just ended.
IntegrationState state_of(const Standing& standing) noexcept {
   if (standing.refused) return IntegrationState::needs_sign_in;
   if (standing.not_made) return IntegrationState::temporary_trouble;
   return standing.accepted ? IntegrationState::active : IntegrationState::needs_attention;
}

Standing standing(const IntegrationRecord& record) {
   const bool waits = tries_again_at(record).has_value();
   return {.refused = record.refused_at && !waits,
           .not_made = waits || (!record.last_check && record.not_checked),
           .accepted = !record.last_check || record.last_check->outcome == host::name(host::Outcome::accepted)};
}

Standing standing(const host::CheckReport& report) noexcept {
   return {.refused = credentials_after(report) == Credentials::refused,
           .not_made = !host::was_made(report),
           .accepted = report.outcome == host::Outcome::accepted};
}

struct Explanation {
   std::string reason;
   std::string remedy;
};

Explanation explain_no_sign_in(const IntegrationRecord& record) {
   const std::string since = sentence_time(*record.refused_at);
   if (record.unclear_refusals > 0) {
      return {"The sign-in was refused or answered in an unreadable way " + std::to_string(record.unclear_refusals) +
                  " times since " + since + ", by the platform or by something in front of it.",
              "Check again and follow what the check says."};
   }
   return {"The platform has refused the credentials since " + since + ".",
           "Edit the integration and enter the credentials again."};
}

Explanation explain_trouble(const IntegrationRecord& record) {
   if (const auto at = tries_again_at(record)) {
      return {"The sign-in has been refused or answered in an unreadable way since " +
                  sentence_time(*record.refused_at) + ", by the platform or by something in front of it.",
              "From " + sentence_time(*at) + " on, a check of all tries the sign-in again. Or check again now."};
   }
   return {"No check could be made yet.", "Check again later; nothing needs to be changed here."};
}

Explanation explain_attention(const CheckRecord& last) {
   if (last.outcome == host::name(host::Outcome::refused)) {
      return {"A required permission was missing at the last check.",
              "Grant what the last check found missing, then check again."};
   }
   if (last.outcome == host::name(host::Outcome::conflict)) {
      return {"At the last check the credentials belonged to another account or user.",
              "Remove the integration and add the other account as a new one, or restore the former user."};
   }
   if (last.codes.find("host.secret_unreadable") != std::string::npos) {
      return {"The saved secrets could not be read at the last check.", "Check again and follow what the check says."};
   }
   return {"The last check could not be completed.", "Check again and follow what it says."};
}

Explanation explain(IntegrationState state, const IntegrationRecord& record) {
   if (state == IntegrationState::needs_sign_in) return explain_no_sign_in(record);
   if (state == IntegrationState::temporary_trouble) return explain_trouble(record);
   if (state == IntegrationState::needs_attention) return explain_attention(*record.last_check);
   return {};
}

// "Autotask was busy": why a check of that platform could not be made.
std::string why_not_made(std::string_view outcome, const std::string& platform) {
   if (outcome == host::name(host::Outcome::throttled)) return platform + " was busy";
   if (outcome == host::name(host::Outcome::unreachable)) return platform + " could not be reached";
   if (outcome == host::name(host::Outcome::unavailable)) return platform + " gave no usable answer";
   if (outcome == host::name(host::Outcome::refused)) return "something refused the sign-in to " + platform;
   if (outcome == host::name(host::Outcome::timed_out)) return platform + " took too long";
   return "this machine could not do it";
}

std::string platform_name(const std::vector<PluginView>& plugins, const std::string& id) {
   const auto plugin = std::ranges::find(plugins, id, &PluginView::id);
   return plugin == plugins.end() || !plugin->entry.manifest ? id : plugin->entry.manifest->name;
}

}  // namespace

std::string_view name(IntegrationState state) noexcept {
   switch (state) {
      case IntegrationState::active:
         return "active";
      case IntegrationState::needs_sign_in:
         return "needs_sign_in";
      case IntegrationState::needs_attention:
         return "needs_attention";
      case IntegrationState::temporary_trouble:
         return "temporary_trouble";
      case IntegrationState::disabled:
         return "disabled";
   }
   return "needs_attention";
}

IntegrationState state_after(const host::CheckReport& report) noexcept { return state_of(standing(report)); }

host::Remarks remarks(const IntegrationView& view) noexcept {
   const auto& last = view.record.last_check;
   return view.state == IntegrationState::active && last ? last->remarks : host::Remarks{};
}

std::string not_checked_sentence(const IntegrationView& view) {
   if (!view.record.not_checked) return {};
   return "Could not be checked at " + sentence_time(view.record.not_checked->at) + ": " + view.why_not_checked + ".";
}

Integrations::Integrations(Store& store, Vault& vault, Plugins& plugins, const Presets& presets, Clock clock)
    : store_(store), vault_(vault), plugins_(plugins), presets_(presets), clock_(std::move(clock)) {}

OpenSecret Integrations::opener() const {
   return [this](const IntegrationRecord& saved, const std::string& field) { return vault_.open(saved, field); };
}

std::optional<host::Manifest> Integrations::form_of(const std::string& platform) const {
   const auto plugin = plugins_.find(platform);
   if (!plugin) return std::nullopt;
   const host::CatalogEntry& entry = plugin.value().entry;
   return entry.serving_manifest ? entry.serving_manifest : entry.manifest;
}

IntegrationView Integrations::view(IntegrationRecord record, const std::vector<PluginView>& plugins) const {
   for (const PluginView& plugin : plugins)
      if (plugin.id() == record.platform && plugin.entry.serving_manifest)
         record = under_present_names(std::move(record), *plugin.entry.serving_manifest);
   IntegrationView view{std::move(record), IntegrationState::active, {}, {}, {}};
   if (const auto& failed = view.record.not_checked)
      view.why_not_checked = why_not_made(failed->outcome, platform_name(plugins, view.record.platform));
   const auto attention = [&](const std::string& reason, const std::string& remedy) {
      view.state = IntegrationState::needs_attention;
      view.reason = reason;
      view.remedy = remedy;
      return view;
   };

   if (!view.record.enabled) {
      view.state = IntegrationState::disabled;
      return view;
   }
   const auto of_platform = [&](const PluginView& plugin) { return plugin.id() == view.record.platform; };
   const auto found = std::ranges::find_if(plugins, of_platform);
   if (found == plugins.end()) {
      return attention("Its plugin \"" + view.record.platform + "\" is not there.",
                       "Put the plugin's library back into the plugin directory, or remove the integration.");
   }
   if (std::ranges::none_of(plugins, [&](const PluginView& plugin) {
          return of_platform(plugin) && !plugin.entry.serving_copy.empty();
       })) {
      const auto& manifest = found->entry.manifest;
      return attention("The " + (manifest ? manifest->name : view.record.platform) + " plugin is not enabled.",
                       "Look at the plugin's state, and enable it if you trust it.");
   }
   // No secret is opened to show a list. One that was changed outside the console is found by the next check.
   if (const auto keys = vault_.has_keys(view.record); !keys) {
      return attention(keys.finding().summary, keys.finding().remedy);
   }
   view.state = state_of(standing(view.record));
   Explanation explanation = explain(view.state, view.record);
   if (view.state == IntegrationState::needs_sign_in && signs_in_with_browser(plugins, view.record.platform))
      explanation.remedy = "Sign in again.";
   view.reason = std::move(explanation.reason);
   view.remedy = std::move(explanation.remedy);
   return view;
}

std::vector<IntegrationView> Integrations::list() const {
   const std::vector<PluginView> plugins = plugins_.list();
   std::vector<IntegrationView> views;
   for (IntegrationRecord& record : store_.integrations()) views.push_back(view(std::move(record), plugins));
   return views;
}

std::optional<IntegrationView> Integrations::find(std::string_view name) const {
   auto record = store_.integration(name);
   if (!record) return {};
   return view(std::move(*record), plugins_.list());
}

std::optional<IntegrationView> Integrations::find(std::int64_t id) const {
   auto record = store_.integration(id);
   if (!record) return {};
   return view(std::move(*record), plugins_.list());
}

IntegrationDetails Integrations::details(IntegrationView view) const {
   IntegrationDetails details{std::move(view), {}, {}, {}};
   details.checks = store_.checks(details.view.record.id);
   const auto baseline = store_.baseline(details.view.record.id);
   const auto last =
       std::ranges::find_if(details.checks, [](const CheckRecord& check) { return is_known(grants(check.rights)); });
   if (baseline && last != details.checks.end()) details.drift = drift(grants(baseline->rights), grants(last->rights));
   const IntegrationRecord& record = details.view.record;
   if (const auto manifest = form_of(record.platform))
      details.unproven = unproven_addresses(*manifest, record, opener());
   return details;
}

bool Integrations::set_enabled(std::int64_t id, bool enabled) {
   Store::Change change(store_);
   if (!store_.integration(id)) return false;
   change.set_enabled(id, enabled);
   change.commit();
   return true;
}

bool Integrations::remove(std::int64_t id) {
   Store::Change change(store_);
   if (!store_.integration(id)) return false;
   change.remove(id);
   change.commit();
   return true;
}

}  // namespace msp::console
