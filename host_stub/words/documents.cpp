#include "words/documents.hpp"

#include <algorithm>

#include "core/conditions.hpp"
#include "msp/host/text.hpp"
#include "store/clock.hpp"
#include "words/json_members.hpp"

namespace msp::console {
namespace {

using Writer = DocumentWriter;

void fill_hosts(Writer& writer, const host::Manifest& manifest) {
   texts(writer, "hosts", manifest.hosts);
   objects(writer, "hosts_from", manifest.hosts_from, [&](const std::string& id) {
      const host::Field* field = manifest.field(id);
      text(writer, "field", id);
      text(writer, "label", field ? field->label : id);
   });
}

void fill_plugin(Writer& writer, const PluginView& plugin) {
   const host::CatalogEntry& entry = plugin.entry;
   const host::Manifest* manifest = entry.manifest ? &*entry.manifest : nullptr;
   text_or_null(writer, "id", manifest ? manifest->id : "");
   text_or_null(writer, "name", manifest ? manifest->name : "");
   text_or_null(writer, "version", manifest ? manifest->version : "");
   text_or_null(writer, "vendor", manifest ? manifest->vendor : "");
   text(writer, "state", host::name(entry.state));
   text_or_null(writer, "code", entry.code);
   text_or_null(writer, "reason", entry.reason);
   text_or_null(writer, "remedy", entry.remedy);
   text(writer, "file", entry.file.string());
   text_or_null(writer, "sha256", entry.sha256);
   text_or_null(writer, "abi",
                manifest ? std::to_string(manifest->abi_major) + "." + std::to_string(manifest->abi_minor_min) : "");
   text_or_null(writer, "serving", entry.serving_manifest ? entry.serving_manifest->version : "");
   number(writer, "integrations", plugin.integrations);
   fill_hosts(writer, manifest ? *manifest : host::Manifest{});
}

// All of them hold, or nothing is there.
void conditions(Writer& writer, const char* key, const std::vector<host::Condition>& all) {
   objects(writer, key, all, [&](const host::Condition& condition) {
      text(writer, "field", condition.field);
      texts(writer, "is", condition.is);
   });
}

void fill_field(Writer& writer, const host::Manifest& manifest, const host::Field& field, bool supplied) {
   text(writer, "id", field.id);
   text(writer, "label", field.label);
   text(writer, "kind", host::name(field.kind));
   flag(writer, "required", field.required);
   flag(writer, "identity", field.identity);
   flag(writer, "preset", field.preset);
   flag(writer, "supplied", supplied);
   number(writer, "max_length", field.max_length);
   text_or_null(writer, "default", field.default_value);
   text_or_null(writer, "help", field.help);
   text_or_null(writer, "placeholder", field.placeholder);
   text_or_null(writer, "doc_url", field.doc_url);
   text_or_null(writer, "autocomplete", field.autocomplete);
   objects(writer, "choices", field.choices, [&](const host::Choice& choice) {
      text(writer, "value", choice.value);
      text(writer, "label", choice.label);
      text_or_null(writer, "help", choice.help);
      flag(writer, "recommended", choice.recommended);
   });
   flag(writer, "multiline", field.multiline);
   conditions(writer, "visible_when", field.visible_when);
   text_or_null(writer, "only_when", only_when(manifest, field.visible_when));
}

void fill_permission(Writer& writer, const host::Manifest& manifest, const host::Permission& permission) {
   text(writer, "id", permission.id);
   text(writer, "entity", permission.entity);
   text(writer, "operation", permission.operation);
   text(writer, "need", host::name(permission.need));
   text_or_null(writer, "used_for", permission.used_for);
   text_or_null(writer, "remedy", permission.remedy);
   text_or_null(writer, "doc_url", permission.doc_url);
   flag(writer, "verifiable", permission.verifiable);
   conditions(writer, "when", permission.when);
   text_or_null(writer, "only_when", only_when(manifest, permission.when));
}

void fill_manifest(Writer& writer, const host::Manifest& manifest, const Presets& presets) {
   text_or_null(writer, "homepage", manifest.homepage);
   text_or_null(writer, "license", manifest.license);
   texts(writer, "prerequisites", manifest.prerequisites);
   objects(writer, "fields", manifest.fields, [&](const host::Field& field) {
      fill_field(writer, manifest, field, presets.find(manifest.id, field) != nullptr);
   });
   objects(writer, "permissions", manifest.permissions,
           [&](const host::Permission& permission) { fill_permission(writer, manifest, permission); });
}

// Only the kinds that occur.
void fill_remarks(Writer& writer, const host::Remarks& remarks) {
   object(writer, "remarks", [&] {
      for (const auto& [name, count] : host::remark_kinds()) {
         if (remarks.*count > 0) number(writer, std::string(name).c_str(), remarks.*count);
      }
   });
}

void fill_integration(Writer& writer, const IntegrationView& integration) {
   const IntegrationRecord& record = integration.record;
   number(writer, "id", record.id);
   text(writer, "name", record.name);
   text(writer, "platform", record.platform);
   text(writer, "state", name(integration.state));
   text_or_null(writer, "reason", integration.reason);
   text_or_null(writer, "remedy", integration.remedy);
   text(writer, "account", record.identity.account);
   text_or_null(writer, "label", record.identity.label);
   text(writer, "principal", record.identity.principal);
   text_or_null(writer, "endpoint", record.identity.endpoint);
   object_or_null(writer, "last_check", record.last_check, [&](const auto& last) {
      text(writer, "outcome", last.outcome);
      text(writer, "at", iso_time(last.at));
      fill_remarks(writer, last.remarks);
   });
   object_or_null(writer, "not_checked", record.not_checked, [&](const auto& failed) {
      text(writer, "outcome", failed.outcome);
      text(writer, "at", iso_time(failed.at));
      text(writer, "why", integration.why_not_checked);
   });
}

std::vector<std::string> words(const std::string& codes) {
   std::vector<std::string> words;
   for (std::size_t begin = 0; begin < codes.size();) {
      const std::size_t end = std::min(codes.find(' ', begin), codes.size());
      words.push_back(codes.substr(begin, end - begin));
      begin = end + 1;
   }
   return words;
}

}  // namespace

std::string what_remains(const IntegrationRecord& integration) {
   return "Nothing was changed on the platform: the user \"" + host::clean_text(integration.identity.principal, 100) +
          "\" still exists there. Disable it, or revoke its token, if nobody else uses it.";
}

std::string plugins_document(const std::vector<PluginView>& plugins) {
   return document([&](Writer& writer) {
      objects(writer, "plugins", plugins, [&](const PluginView& plugin) { fill_plugin(writer, plugin); });
   });
}

std::string plugin_document(const PluginView& plugin, const Presets& presets) {
   return document([&](Writer& writer) {
      fill_plugin(writer, plugin);
      text_or_null(writer, "approved_sha256", plugin.approved_sha256);
      texts(writer, "libraries", plugin.entry.libraries);
      texts(writer, "search_places", plugin.entry.search_places);
      fill_manifest(writer, plugin.entry.manifest.value_or(host::Manifest{}), presets);
      const auto changes = plugin.changes();
      if (!changes) return null(writer, "changes");
      objects(writer, "changes", *changes, [&](const PluginChange& change) {
         flag(writer, "more", change.more);
         text(writer, "text", change.text);
      });
   });
}

std::string integrations_document(const std::vector<IntegrationView>& integrations) {
   return document([&](Writer& writer) {
      objects(writer, "integrations", integrations,
              [&](const IntegrationView& integration) { fill_integration(writer, integration); });
   });
}

std::string integration_document(const IntegrationDetails& integration) {
   const IntegrationRecord& record = integration.view.record;
   const std::vector<CheckRecord>& checks = integration.checks;
   return document([&](Writer& writer) {
      fill_integration(writer, integration.view);
      text(writer, "created_at", iso_time(record.created_at));
      text(writer, "changed_at", iso_time(record.changed_at));
      objects(writer, "settings", record.values, [&](const auto& setting) {
         text(writer, "field", setting.first);
         text(writer, "value", setting.second.value);
         text(writer, "set_at", iso_time(setting.second.set_at));
         flag(writer, "from_preset", setting.second.from_preset);
         flag(writer, "unproven", std::ranges::find(integration.unproven, setting.first) != integration.unproven.end());
      });
      objects(writer, "secrets", record.secrets, [&](const auto& secret) {
         text(writer, "field", secret.first);
         text(writer, "set_at", iso_time(secret.second.set_at));
         flag(writer, "from_preset", secret.second.from_preset);
      });
      objects(writer, "history", checks, [&](const CheckRecord& check) {
         text(writer, "at", iso_time(check.at));
         text(writer, "outcome", check.outcome);
         fill_remarks(writer, check.remarks);
         texts(writer, "codes", words(check.codes));
         text_or_null(writer, "plugin_version", check.plugin_version);
         text_or_null(writer, "plugin_sha256", check.plugin_sha256);
         text_or_null(writer, "purpose", check.purpose);
         text_or_null(writer, "principal", check.principal);
      });
      objects(writer, "drift", integration.drift, [&](const host::Drift& drift) {
         text(writer, "permission", drift.permission_id);
         text_or_null(writer, "at_saving", drift.at_saving ? host::name(*drift.at_saving) : std::string_view());
         text(writer, "now", host::name(drift.now));
      });
      // The newest that has one: a check that could not be made leaves that of an earlier one.
      const auto last = std::ranges::find_if(checks, [](const CheckRecord& check) { return !check.document.empty(); });
      if (last == checks.end()) return null(writer, "last_report");
      document(writer, "last_report", last->document);
   });
}

std::string removed_document(const IntegrationRecord& integration) {
   return document([&](Writer& writer) {
      object(writer, "removed", [&] {
         number(writer, "id", integration.id);
         text(writer, "name", integration.name);
         text(writer, "platform", integration.platform);
         text(writer, "principal", integration.identity.principal);
         text_or_null(writer, "endpoint", integration.identity.endpoint);
         text(writer, "remains", what_remains(integration));
      });
   });
}

std::string error_document(const host::Finding& problem) {
   return document([&](Writer& writer) {
      object(writer, "error", [&] {
         text(writer, "code", problem.code);
         text(writer, "summary", problem.summary);
         text_or_null(writer, "remedy", problem.remedy);
      });
   });
}

}  // namespace msp::console
