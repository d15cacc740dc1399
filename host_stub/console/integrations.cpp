#include "integrations.hpp"

#include <algorithm>

#include "names.hpp"

namespace msp::console {
namespace {

struct Verdict {
   IntegrationState state;
   std::string reason;
   std::string remedy;
};

Verdict judge(const CheckRecord& check) {
   if (check.outcome == "accepted") return {IntegrationState::active, {}, {}};
   if (check.outcome == "refused") {
      // Credentials can be refused while the permissions are asked; then those are not what is wrong.
      const auto has = [&](const char* prefix) { return check.codes.find(prefix) != std::string::npos; };
      if (has("auth.") || !has("perm.")) {
         return {IntegrationState::needs_sign_in, "The platform refused the credentials at the last check.",
                 "Edit the integration and enter the credentials again."};
      }
      return {IntegrationState::needs_attention, "A required permission was missing at the last check.",
              "Grant what the last check found missing, then check again."};
   }
   for (const auto* transient : {"unreachable", "throttled", "unavailable", "timed_out"}) {
      if (check.outcome == transient) {
         return {IntegrationState::temporary_trouble, "The platform gave no answer at the last check.",
                 "Check again later; nothing needs to be changed here."};
      }
   }
   return {IntegrationState::needs_attention, "The last check could not be completed.",
           "Check again and follow what it says."};
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

Integrations::Integrations(Store& store, Vault& vault, Plugins& plugins, const Presets& presets, Clock clock)
    : store_(store), vault_(vault), plugins_(plugins), presets_(presets), clock_(std::move(clock)) {}

OpenSecret Integrations::opener() const {
   return [this](const IntegrationRecord& saved, const std::string& field) { return vault_.open(saved, field); };
}

IntegrationView Integrations::view(IntegrationRecord record, const std::vector<PluginView>& plugins) const {
   IntegrationView view{std::move(record), IntegrationState::active, {}, {}};
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
   if (std::ranges::none_of(plugins, of_platform)) {
      return attention("Its plugin \"" + view.record.platform + "\" is not there.",
                       "Put the plugin's library back into the plugin directory, or remove the integration.");
   }
   if (std::ranges::none_of(plugins, [&](const PluginView& plugin) {
          return of_platform(plugin) && !plugin.entry.serving_copy.empty();
       })) {
      return attention("Its plugin \"" + view.record.platform + "\" is not in use.",
                       "Look at the plugin's state, and enable it if you trust it.");
   }
   for (const auto& [field, ignored] : view.record.secrets) {
      const auto secret = vault_.open(view.record, field);
      if (!secret) return attention(secret.problem().summary, secret.problem().remedy);
   }
   if (view.record.last_check) {
      Verdict verdict = judge(*view.record.last_check);
      view.state = verdict.state;
      view.reason = std::move(verdict.reason);
      view.remedy = std::move(verdict.remedy);
   }
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

bool Integrations::remove(std::int64_t id) {
   Store::Change change(store_);
   if (!store_.integration(id)) return false;
   change.remove(id);
   change.commit();
   return true;
}

}  // namespace msp::console
