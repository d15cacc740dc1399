#include "core/settings_merge.hpp"

#include "msp/host/text.hpp"

namespace msp::console {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

// What the form check would make of a value, or "" for none.
std::string effective(const host::Manifest& manifest, const host::Field& field, const Values& values) {
   if (!host::visible(manifest, field, values)) return {};
   const auto found = values.find(field.id);
   const std::string value = found == values.end() ? std::string{} : std::string(host::trim(found->second));
   return value.empty() ? field.default_value : value;
}

Values plain(const IntegrationRecord& record) {
   Values values;
   for (const auto& [id, stored] : record.values) values[id] = stored.value;
   return values;
}

bool changes_account(const host::Manifest& manifest, const Values& before, const Values& values) {
   for (const host::Field& field : manifest.fields) {
      if (field.identity && effective(manifest, field, before) != effective(manifest, field, values)) return true;
   }
   return false;
}

template <class Stored>
const Stored* find(const std::map<std::string, Stored, std::less<>>* saved, const std::string& id) {
   if (!saved) return nullptr;
   const auto found = saved->find(id);
   return found == saved->end() ? nullptr : &found->second;
}

void merge_value(const host::Manifest& manifest, const Presets& presets, const IntegrationRecord* saved,
                 const host::Field& field, MergedSettings& merged) {
   Values& values = merged.settings.values;
   if (values.contains(field.id)) return;
   const StoredValue* stored = find(saved ? &saved->values : nullptr, field.id);
   const host::SecretBytes* preset = presets.find(manifest.id, field);
   if (stored && (!stored->from_preset || !preset)) {
      values[field.id] = stored->value;
      if (stored->from_preset) merged.from_preset.insert(field.id);
   } else if (preset) {
      values[field.id] = std::string(preset->view());
      merged.from_preset.insert(field.id);
   }
}

void merge_secret(const host::Manifest& manifest, const Presets& presets, const IntegrationRecord* saved,
                  const host::Field& field, const OpenSecret& open, MergedSettings& merged) {
   auto& secrets = merged.settings.secrets;
   const auto typed = secrets.find(field.id);
   if (typed != secrets.end()) {
      if (!typed->second.empty()) return;
      secrets.erase(typed);  // empty: keep what there is
   }
   if (!host::visible(manifest, field, merged.settings.values)) return;

   const SealedSecret* stored = find(saved ? &saved->secrets : nullptr, field.id);
   const host::SecretBytes* preset = presets.find(manifest.id, field);
   if (preset && (!stored || stored->from_preset)) {
      secrets.emplace(field.id, preset->copy());
      merged.from_preset.insert(field.id);
      return;
   }
   if (!stored) return;
   if (merged.account_changes) {
      merged.to_type_again.insert(field.id);
      return;
   }
   auto opened = open(*saved, field.id);
   if (opened) {
      secrets.emplace(field.id, std::move(opened).value());
      if (stored->from_preset) merged.from_preset.insert(field.id);
      return;
   }
   host::Finding finding = opened.finding();
   finding.field = field.id;
   finding.step = "settings";
   merged.findings.push_back(std::move(finding));
}

}  // namespace

bool changes_account(const host::Manifest& manifest, const IntegrationRecord& before, const IntegrationRecord& now) {
   return changes_account(manifest, plain(before), plain(now));
}

MergedSettings merge_settings(const host::Manifest& manifest, const Presets& presets, const IntegrationRecord* saved,
                              host::Settings typed, const OpenSecret& open) {
   MergedSettings merged;
   merged.settings = std::move(typed);
   for (const host::Field& field : manifest.fields) {
      if (field.kind != host::FieldKind::secret) merge_value(manifest, presets, saved, field, merged);
   }
   merged.account_changes = saved && changes_account(manifest, plain(*saved), merged.settings.values);
   for (const host::Field& field : manifest.fields) {
      if (field.kind == host::FieldKind::secret && !field.kept) {
         merge_secret(manifest, presets, saved, field, open, merged);
      }
   }
   return merged;
}

MergedSettings preview_settings(const host::Manifest& manifest, const Presets& presets, const IntegrationRecord* saved,
                                const host::Settings& typed) {
   const OpenSecret pretend = [](const IntegrationRecord&, const std::string&) { return host::SecretBytes("saved"); };
   return merge_settings(manifest, presets, saved, typed.copy(), pretend);
}

std::vector<host::Field> missing_fields(const host::Manifest& manifest, const Presets& presets,
                                        const IntegrationRecord* saved, const host::Settings& typed) {
   const MergedSettings merged = preview_settings(manifest, presets, saved, typed);
   std::vector<host::Field> missing;
   for (const host::Field& field : manifest.fields) {
      if (!field.required || !field.default_value.empty()) continue;
      if (!host::visible(manifest, field, merged.settings.values)) continue;
      if (!merged.settings.values.contains(field.id) && !merged.settings.secrets.contains(field.id)) {
         missing.push_back(field);
      }
   }
   return missing;
}

}  // namespace msp::console
