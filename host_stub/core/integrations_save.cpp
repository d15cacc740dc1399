#include <algorithm>

#include "core/console_report.hpp"
#include "core/integrations.hpp"
#include "core/renamed_fields.hpp"
#include "core/stored_kept_secrets.hpp"
#include "core/unproven_addresses.hpp"
#include "msp/host/text.hpp"
#include "store/names.hpp"
#include "store/purpose.hpp"
#include "vault/sealing.hpp"

namespace msp::console {
namespace {

host::Outcome outcome_of_name(const host::Finding& finding) {
   return finding.code == "name.duplicate" ? host::Outcome::conflict : host::Outcome::invalid_settings;
}

// Says why a saved secret does not do, where the form check only saw that it is missing.
void explain_typing_again(const host::Manifest& manifest, const MergedSettings& merged, host::CheckReport& report) {
   for (host::Finding& one : report.findings) {
      if (one.code != "input.required" || !merged.to_type_again.contains(one.field)) continue;
      const host::Field* field = manifest.field(one.field);
      one.summary = "\"" + (field ? field->label : one.field) +
                    "\" must be entered again, because the edit changes which account is used.";
      one.remedy = "Enter it again; a saved secret is never sent to another account or address.";
   }
}

void explain_unproven(const host::Manifest& manifest, const std::vector<std::string>& unproven,
                      host::CheckReport& report) {
   for (host::Finding& one : report.findings) {
      if (one.code != "input.required" || std::ranges::find(unproven, one.field) == unproven.end()) continue;
      const host::Field* field = manifest.field(one.field);
      one.summary = "\"" + (field ? field->label : one.field) +
                    "\" must be entered again: no saved secret proves that it was not changed outside the console.";
      one.remedy = "Enter it again; a secret is sent to no address that somebody else may have put there.";
   }
}

// The checked settings as the store keeps them, without what is asked for once. What was not typed again keeps the time
// at which it was set.
void take_settings(IntegrationRecord& record, const host::Manifest& manifest, const host::CheckedSettings& settings,
                   const MergedSettings& merged, const host::Settings& typed, const Sealer& sealer, std::int64_t now) {
   const IntegrationRecord before = record;
   record.values.clear();
   record.secrets.clear();
   record.as_saved = nullptr;
   for (const auto& [field, value] : settings.values()) {
      if (manifest.field(field)->once) continue;
      const auto old = before.values.find(field);
      const bool same = old != before.values.end() && old->second.value == value;
      record.values[field] = {value, merged.from_preset.contains(field), same ? old->second.set_at : now};
   }
   for (const auto& [field, secret] : settings.secrets()) {
      if (manifest.field(field)->once) continue;
      const auto old = before.secrets.find(field);
      const auto given = typed.secrets.find(field);
      const bool same = old != before.secrets.end() && (given == typed.secrets.end() || given->second.empty());
      SealedSecret sealed = sealer.seal(record, field, secret);
      sealed.from_preset = merged.from_preset.contains(field);
      sealed.set_at = same ? old->second.set_at : now;
      record.secrets[field] = std::move(sealed);
   }
}

// What the plugin keeps, sealed with the settings that the record has now.
void take_kept(IntegrationRecord& record, const host::KeptSecrets::Values& kept, const Sealer& sealer,
               std::int64_t now) {
   for (const auto& [field, value] : kept) {
      SealedSecret sealed = sealer.seal(record, field, value);
      sealed.set_at = now;
      record.secrets.insert_or_assign(field, std::move(sealed));
   }
}

bool keeps_something(const host::Manifest& manifest, const IntegrationRecord& saved) {
   return std::ranges::any_of(manifest.fields,
                              [&](const host::Field& field) { return field.kept && saved.secrets.contains(field.id); });
}

// Nothing was typed that is not saved: the platform would be asked with the saved credentials.
bool changes_nothing(const host::Settings& typed, const IntegrationRecord& saved) {
   return std::ranges::all_of(typed.secrets, [](const auto& secret) { return secret.second.empty(); }) &&
          std::ranges::all_of(typed.values, [&](const auto& value) {
             const auto before = saved.values.find(value.first);
             return value.second == (before == saved.values.end() ? "" : before->second.value);
          });
}

}  // namespace

std::string Integrations::free_name(const std::string& name) const {
   for (int number = 2;; ++number) {
      std::string candidate = name + " " + std::to_string(number);
      if (!store_.integration(candidate)) return candidate;
   }
}

host::Result<void> Integrations::refuse_name(const std::string& name, std::int64_t own_id) const {
   std::optional<host::Finding> reason;
   if (!has_visible(name)) {
      reason = host::Finding{"name.blank", "The integration's name is blank.", "Give it a name that can be seen."};
   } else if (!host::is_clean_text(name) || has_invisible(name)) {
      reason = host::Finding{"input.invalid", "The integration's name holds characters that cannot be seen.",
                             "Type the name again; something invisible was pasted along."};
   } else if (name.size() > kLongestName) {
      reason = host::Finding{"input.too_long",
                             "The integration's name is longer than " + std::to_string(kLongestName) + " bytes.",
                             "Give it a shorter name."};
   } else if (const auto other = store_.integration(name); other && other->id != own_id) {
      reason = host::Finding{"name.duplicate", "There is already an integration named \"" + other->name + "\".",
                             "Choose another name, for example \"" + free_name(name) + "\"."};
   }
   if (!reason) return {};
   reason->step = "settings";
   return *std::move(reason);
}

host::Result<void> Integrations::refuse_account(const IntegrationRecord& record) const {
   const auto other = store_.integration_of(record.platform, record.identity.account, record.identity.principal);
   if (!other || other->id == record.id) return {};
   return host::Finding{"account.already_connected",
                        "This account is already connected, as the integration \"" + other->name + "\".",
                        "Use or edit that integration, or sign in as another user."};
}

CheckedIntegration Integrations::add(NewIntegration draft, const host::CheckOptions& options, bool save) {
   CheckedIntegration result;
   result.integration = {0, tidy_name(draft.name.value_or("")), draft.platform, false, {}};
   const auto refused = [&](host::Outcome outcome, std::vector<host::Finding> findings) {
      result.report = not_started(draft.platform, outcome, std::move(findings));
      return std::move(result);
   };

   auto plugin = plugins_.open(draft.platform);
   if (!plugin) {
      // What no plugin knows is no platform, but whatever was typed in its place.
      if (plugin.finding().code == "plugin.missing") result.integration.platform.clear();
      return refused(outcome_without_plugin(plugin.finding()), {plugin.finding()});
   }
   result.manifest = host::in_language(plugin.value()->manifest(), options.languages);
   const host::Manifest manifest = result.manifest;
   // Before what was typed is judged: with whatever it would be mended, it would be in vain.
   if (manifest.signs_in_with_browser() && !options.browser)
      return refused(host::Outcome::refused, {host::nobody_to_sign_in(manifest)});
   if (!draft.name) {
      const std::string name = tidy_name(default_name(manifest.name));
      result.integration.name = store_.integration(name) ? free_name(name) : name;
   }

   MergedSettings merged = merge_settings(manifest, presets_, nullptr, draft.settings.copy(), opener());
   host::SettingsCheck form = host::check_settings(manifest, std::move(merged.settings));
   // Only tried out, it needs no name.
   const bool named = save || draft.name.has_value();
   if (auto fits = named ? refuse_name(result.integration.name, 0) : host::Result<void>(); !fits) {
      const host::Outcome outcome = form.settings ? outcome_of_name(fits.finding()) : host::Outcome::invalid_settings;
      form.findings.insert(form.findings.begin(), fits.finding());
      return refused(outcome, std::move(form.findings));
   }
   // Before the platform is asked: a check whose result cannot be kept would be in vain.
   if (save && form.settings) {
      if (auto done = vault_.prepare(); !done) return refused(host::Outcome::failed, {done.finding()});
   }

   const auto to_save = save && form.settings ? std::optional(form.settings->copy()) : std::nullopt;
   result.report = host::check(*plugin.value(), std::move(form), options);
   if (result.report.outcome != host::Outcome::accepted || !result.report.identity) return result;

   IntegrationRecord record;
   record.name = result.integration.name;
   record.platform = manifest.id;
   record.identity = *result.report.identity;
   record.created_at = record.changed_at = clock_();
   Store::Change change(store_);
   auto free = named ? refuse_name(record.name, 0) : host::Result<void>();
   if (free) free = refuse_account(record);
   if (!free) {
      refuse(result.report, host::Outcome::conflict, free.finding());
      return result;
   }
   if (!save) return result;
   auto sealer = vault_.sealer(change);
   if (!sealer) {
      refuse(result.report, host::Outcome::failed, sealer.finding());
      return result;
   }
   record.id = change.insert(record);
   take_settings(record, manifest, *to_save, merged, draft.settings, sealer.value(), record.created_at);
   take_kept(record, result.report.kept, sealer.value(), record.created_at);
   change.replace_settings(record);
   result.integration.id = record.id;
   result.integration.saved = true;
   change.add_baseline(record.id, check_record(name(Purpose::add), record, result, plugin.value()->sha256()));
   change.commit();
   return result;
}

// Another name changes nothing on the platform, which is not asked. So it needs no plugin either.
CheckedIntegration Integrations::rename(const IntegrationRecord& saved, CheckedIntegration result) {
   Store::Change change(store_);
   auto fits =
       store_.integration(saved.id) ? refuse_name(result.integration.name, saved.id) : host::Result<void>(removed());
   if (!fits) {
      const host::Finding& reason = fits.finding();
      const host::Outcome outcome = reason.step.empty() ? host::Outcome::failed : outcome_of_name(reason);
      result.report = not_started(saved.platform, outcome, {reason});
      return result;
   }
   result.report = not_started(saved.platform, host::Outcome::accepted, {});
   change.rename(saved.id, result.integration.name, clock_());
   change.commit();
   result.integration.saved = true;
   return result;
}

CheckedIntegration Integrations::edit(std::int64_t id, Edit edit, const host::CheckOptions& options) {
   CheckedIntegration result;
   auto saved = store_.integration(id);
   if (!saved) {
      result.report = not_started("", host::Outcome::failed, {removed()});
      return result;
   }
   // The document is about the edit, so it tells whether that was saved.
   result.integration = {id, edit.name ? tidy_name(*edit.name) : saved->name, saved->platform, false, {}};
   const auto refused = [&](host::Outcome outcome, std::vector<host::Finding> findings) {
      result.report = not_started(saved->platform, outcome, std::move(findings));
      return std::move(result);
   };

   if (const auto form = form_of(saved->platform)) saved = under_present_names(*std::move(saved), *form);
   const bool as_saved = changes_nothing(edit.settings, *saved);
   if (as_saved && result.integration.name != saved->name) return rename(*saved, std::move(result));

   auto plugin = plugins_.open(saved->platform);
   if (!plugin) return refused(outcome_without_plugin(plugin.finding()), {plugin.finding()});
   result.manifest = host::in_language(plugin.value()->manifest(), options.languages);
   if (auto fits = refuse_name(result.integration.name, id); !fits) {
      return refused(outcome_of_name(fits.finding()), {fits.finding()});
   }
   const std::vector<std::string> unproven = unproven_addresses(result.manifest, *saved, opener());
   IntegrationRecord believed = *saved;
   for (const std::string& field : unproven) believed.values.erase(field);
   MergedSettings merged = merge_settings(result.manifest, presets_, &believed, edit.settings.copy(), opener());
   if (!merged.findings.empty()) return refused(host::Outcome::failed, std::move(merged.findings));
   if (auto done = vault_.prepare(); !done) return refused(host::Outcome::failed, {done.finding()});

   host::SettingsCheck form = host::check_settings(result.manifest, std::move(merged.settings));
   // What is kept belongs to the account: for another one a person signs in.
   host::CheckOptions with = options;
   if (!merged.account_changes && keeps_something(result.manifest, *saved)) {
      with.kept = kept_secrets(*saved, result.manifest);
      with.browser = nullptr;
   }
   const auto to_save = form.settings ? std::optional(form.settings->copy()) : std::nullopt;
   result.report = host::check(*plugin.value(), std::move(form), with);
   explain_typing_again(result.manifest, merged, result.report);
   explain_unproven(result.manifest, unproven, result.report);
   if (result.report.outcome != host::Outcome::accepted || !result.report.identity) {
      // What the platform says of the saved credentials is known from now on: no check of all sends them again.
      if (as_saved) keep(name(Purpose::edit), *saved, plugin.value()->sha256(), result);
      return result;
   }

   IntegrationRecord record = *saved;
   record.name = result.integration.name;
   record.identity = *result.report.identity;
   record.changed_at = clock_();
   const bool other_account = record.identity.account != saved->identity.account;
   Store::Change change(store_);
   const auto now = store_.integration(id);
   if (!now) {
      refuse(result.report, host::Outcome::failed, removed());
      return result;
   }
   host::Result<void> free;
   if (now->revision != saved->revision) {
      free = changed_meanwhile("check", "Look at it again, then repeat the edit.");
   } else if (other_account && !merged.account_changes) {
      free = host::Finding{"account.mismatch", "These credentials belong to another account than the integration.",
                           "Enter credentials of the same account, or add the other account as a new integration."};
   }
   if (!edit.name) record.name = result.integration.name = now->name;  // it may have been renamed meanwhile
   if (free) free = refuse_name(record.name, id);
   if (free) free = refuse_account(record);
   if (!free) {
      refuse(result.report, host::Outcome::conflict, free.finding());
      return result;
   }
   auto sealer = vault_.sealer(change);
   if (!sealer) {
      refuse(result.report, host::Outcome::failed, sealer.finding());
      return result;
   }
   record.enabled = now->enabled;
   take_settings(record, result.manifest, *to_save, merged, edit.settings, sealer.value(), record.changed_at);
   if (with.kept) {
      auto kept = StoredKeptSecrets(store_, vault_, clock_, *saved, result.manifest).read();
      if (!kept) {
         refuse(result.report, host::Outcome::failed, kept.finding());
         return result;
      }
      result.report.kept = std::move(kept).value();
   }
   take_kept(record, result.report.kept, sealer.value(), record.changed_at);
   change.update(record);
   change.replace_settings(record);
   result.integration.saved = true;
   change.add_baseline(id, check_record(name(Purpose::edit), record, result, plugin.value()->sha256()));
   change.commit();
   return result;
}

}  // namespace msp::console
