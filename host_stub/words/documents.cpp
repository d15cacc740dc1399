#include "words/documents.hpp"

#include <algorithm>

#include "core/conditions.hpp"
#include "msp/host/json_writer.hpp"
#include "msp/host/text.hpp"
#include "store/clock.hpp"

namespace msp::console {
namespace {

using Writer = host::JsonWriter;

void fill_hosts(Writer& writer, const host::Manifest& manifest) {
   writer.texts("hosts", manifest.hosts);
   writer.objects("hosts_from", manifest.hosts_from, [&](const std::string& id) {
      const host::Field* field = manifest.field(id);
      writer.text("field", id);
      writer.text("label", field ? field->label : id);
   });
}

void fill_plugin(Writer& writer, const PluginView& plugin) {
   const host::CatalogEntry& entry = plugin.entry;
   const host::Manifest* manifest = entry.manifest ? &*entry.manifest : nullptr;
   writer.text_or_null("id", manifest ? manifest->id : "");
   writer.text_or_null("name", manifest ? manifest->name : "");
   writer.text_or_null("version", manifest ? manifest->version : "");
   writer.text_or_null("vendor", manifest ? manifest->vendor : "");
   writer.text("state", host::name(entry.state));
   writer.text_or_null("code", entry.code);
   writer.text_or_null("reason", entry.reason);
   writer.text_or_null("remedy", entry.remedy);
   writer.text("file", entry.file.string());
   writer.text_or_null("sha256", entry.sha256);
   writer.text_or_null(
       "abi", manifest ? std::to_string(manifest->abi_major) + "." + std::to_string(manifest->abi_minor_min) : "");
   writer.text_or_null("serving", entry.serving_manifest ? entry.serving_manifest->version : "");
   writer.text("isolation", host::name(plugin.isolation));
   writer.number("integrations", plugin.integrations);
   fill_hosts(writer, manifest ? *manifest : host::Manifest{});
}

// All of them hold, or nothing is there.
void conditions(Writer& writer, const char* key, const std::vector<host::Condition>& all) {
   writer.objects(key, all, [&](const host::Condition& condition) {
      writer.text("field", condition.field);
      writer.texts("is", condition.is);
   });
}

void fill_field(Writer& writer, const host::Manifest& manifest, const host::Field& field, bool supplied) {
   writer.text("id", field.id);
   writer.text("label", field.label);
   writer.text("kind", host::name(field.kind));
   writer.flag("required", field.required);
   writer.flag("identity", field.identity);
   writer.flag("preset", field.preset);
   writer.flag("supplied", supplied);
   writer.number("max_length", field.max_length);
   writer.text_or_null("default", field.default_value);
   writer.text_or_null("help", field.help);
   writer.text_or_null("placeholder", field.placeholder);
   writer.text_or_null("doc_url", field.doc_url);
   writer.text_or_null("autocomplete", field.autocomplete);
   writer.objects("choices", field.choices, [&](const host::Choice& choice) {
      writer.text("value", choice.value);
      writer.text("label", choice.label);
      writer.text_or_null("help", choice.help);
      writer.flag("recommended", choice.recommended);
   });
   writer.flag("multiline", field.multiline);
   writer.flag("kept", field.kept);
   writer.flag("once", field.once);
   conditions(writer, "visible_when", field.visible_when);
   writer.text_or_null("only_when", only_when(manifest, field.visible_when));
}

void fill_permission(Writer& writer, const host::Manifest& manifest, const host::Permission& permission) {
   writer.text("id", permission.id);
   writer.text("entity", permission.entity);
   writer.text("operation", permission.operation);
   writer.text("need", host::name(permission.need));
   writer.text_or_null("used_for", permission.used_for);
   writer.text_or_null("remedy", permission.remedy);
   writer.text_or_null("own_remedy", permission.own_remedy);
   writer.text_or_null("doc_url", permission.doc_url);
   writer.flag("verifiable", permission.verifiable);
   conditions(writer, "when", permission.when);
   writer.text_or_null("only_when", only_when(manifest, permission.when));
}

void fill_manifest(Writer& writer, const host::Manifest& manifest, const Presets& presets) {
   writer.text("language", manifest.language);
   writer.text("direction", host::is_right_to_left(manifest.language) ? "rtl" : "ltr");
   writer.text_or_null("homepage", manifest.homepage);
   writer.text_or_null("license", manifest.license);
   writer.texts("prerequisites", manifest.prerequisites);
   writer.flag("signs_in_with_browser", manifest.signs_in_with_browser());
   writer.flag("signs_out", manifest.signs_out);
   writer.objects("fields", manifest.fields, [&](const host::Field& field) {
      fill_field(writer, manifest, field, presets.find(manifest.id, field) != nullptr);
   });
   writer.text_or_null("grant_preamble", manifest.grant_preamble);
   writer.objects("permissions", manifest.permissions,
                  [&](const host::Permission& permission) { fill_permission(writer, manifest, permission); });
}

// Only the kinds that occur.
void fill_remarks(Writer& writer, const host::Remarks& remarks) {
   writer.object("remarks", [&] {
      for (const auto& [name, count] : host::remark_kinds()) {
         if (remarks.*count > 0) writer.number(name, remarks.*count);
      }
   });
}

void fill_integration(Writer& writer, const IntegrationView& integration) {
   const IntegrationRecord& record = integration.record;
   writer.number("id", record.id);
   writer.text("name", record.name);
   writer.text("platform", record.platform);
   writer.text("state", name(integration.state));
   writer.text_or_null("reason", integration.reason);
   writer.text_or_null("remedy", integration.remedy);
   writer.text("account", record.identity.account);
   writer.text_or_null("label", record.identity.label);
   writer.text("principal", record.identity.principal);
   writer.text_or_null("endpoint", record.identity.endpoint);
   writer.object_or_null("last_check", record.last_check, [&](const auto& last) {
      writer.text("outcome", last.outcome);
      writer.text("at", iso_time(last.at));
      fill_remarks(writer, last.remarks);
   });
   writer.object_or_null("not_checked", record.not_checked, [&](const auto& failed) {
      writer.text("outcome", failed.outcome);
      writer.text("at", iso_time(failed.at));
      writer.text("why", integration.why_not_checked);
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

std::string what_remains(const IntegrationRecord& integration, const SignedOut& signed_out) {
   const std::string user = "\"" + host::clean_text(integration.identity.principal, 100) + "\"";
   if (signed_out.platform.empty())
      return "Nothing was changed on the platform: the user " + user +
             " still exists there. Disable it, or revoke its token, if nobody else uses it.";
   if (!signed_out.problem)
      return signed_out.platform + " knows that the sign-in of " + user +
             " is over. The user itself still exists there.";
   return "The sign-in of " + user + " is still good at " + signed_out.platform +
          ", which could not be told of its end: " + signed_out.problem->summary + " End it there, where " + user +
          " sees what may use the account.";
}

std::string plugins_document(const std::vector<PluginView>& plugins) {
   return host::json_document([&](Writer& writer) {
      writer.text("schema", "msp.plugins/1");
      writer.objects("plugins", plugins, [&](const PluginView& plugin) { fill_plugin(writer, plugin); });
   });
}

std::string plugin_document(const PluginView& plugin, const Presets& presets, const host::Languages& languages) {
   return host::json_document([&](Writer& writer) {
      writer.text("schema", "msp.plugin/1");
      fill_plugin(writer, plugin);
      writer.text_or_null("approved_sha256", plugin.approved_sha256);
      writer.objects("layers", plugin.layers, [&](const host::IsolationLayer& layer) {
         writer.text("name", layer.name);
         writer.flag("active", layer.active);
         writer.text_or_null("detail", layer.detail);
      });
      writer.text_or_null("publisher_key", plugin.publisher ? plugin.publisher->key : "");
      writer.flag("publisher_genuine", plugin.publisher && plugin.publisher->genuine);
      writer.texts("libraries", plugin.entry.libraries);
      writer.texts("search_places", plugin.entry.search_places);
      fill_manifest(writer, host::in_language(plugin.entry.manifest.value_or(host::Manifest{}), languages), presets);
      const auto changes = plugin.changes();
      if (!changes) return writer.null("changes");
      writer.objects("changes", *changes, [&](const PluginChange& change) {
         writer.flag("more", change.more);
         writer.text("text", change.text);
         writer.flag("alarming", change.alarming);
      });
   });
}

std::string integrations_document(const std::vector<IntegrationView>& integrations) {
   return host::json_document([&](Writer& writer) {
      writer.text("schema", "msp.integrations/1");
      writer.objects("integrations", integrations,
                     [&](const IntegrationView& integration) { fill_integration(writer, integration); });
   });
}

std::string integration_document(const IntegrationDetails& integration) {
   const IntegrationRecord& record = integration.view.record;
   const std::vector<CheckRecord>& checks = integration.checks;
   return host::json_document([&](Writer& writer) {
      writer.text("schema", "msp.integration/1");
      fill_integration(writer, integration.view);
      writer.text("created_at", iso_time(record.created_at));
      writer.text("changed_at", iso_time(record.changed_at));
      writer.objects("settings", record.values, [&](const auto& setting) {
         writer.text("field", setting.first);
         writer.text("value", setting.second.value);
         writer.text("set_at", iso_time(setting.second.set_at));
         writer.flag("from_preset", setting.second.from_preset);
         writer.flag("unproven", std::ranges::find(integration.unproven, setting.first) != integration.unproven.end());
      });
      writer.objects("secrets", record.secrets, [&](const auto& secret) {
         writer.text("field", secret.first);
         writer.text("set_at", iso_time(secret.second.set_at));
         writer.flag("from_preset", secret.second.from_preset);
      });
      writer.objects("history", checks, [&](const CheckRecord& check) {
         writer.text("at", iso_time(check.at));
         writer.text("outcome", check.outcome);
         fill_remarks(writer, check.remarks);
         writer.texts("codes", words(check.codes));
         writer.text_or_null("plugin_version", check.plugin_version);
         writer.text_or_null("plugin_sha256", check.plugin_sha256);
         writer.text("isolation", host::name(check.isolation));
         writer.text_or_null("purpose", check.purpose);
         writer.text_or_null("principal", check.principal);
      });
      writer.objects("drift", integration.drift, [&](const host::Drift& drift) {
         writer.text("permission", drift.permission_id);
         writer.text_or_null("at_saving", drift.at_saving ? host::name(*drift.at_saving) : std::string_view());
         writer.text("now", host::name(drift.now));
      });
      // The newest that has one: a check that could not be made leaves that of an earlier one.
      const auto last = std::ranges::find_if(checks, [](const CheckRecord& check) { return !check.document.empty(); });
      if (last == checks.end()) return writer.null("last_report");
      writer.document("last_report", last->document);
   });
}

std::string removed_document(const IntegrationRecord& integration, const SignedOut& signed_out) {
   return host::json_document([&](Writer& writer) {
      writer.text("schema", "msp.removed/1");
      writer.object("removed", [&] {
         writer.number("id", integration.id);
         writer.text("name", integration.name);
         writer.text("platform", integration.platform);
         writer.text("principal", integration.identity.principal);
         writer.text_or_null("endpoint", integration.identity.endpoint);
         writer.text("remains", what_remains(integration, signed_out));
         if (signed_out.platform.empty())
            writer.null("signed_out");
         else
            writer.flag("signed_out", !signed_out.problem);
         writer.object_or_null("sign_out_problem", signed_out.problem, [&](const host::Finding& problem) {
            writer.text("code", problem.code);
            writer.text("summary", problem.summary);
            writer.text_or_null("remedy", problem.remedy);
         });
      });
   });
}

std::string error_document(const host::Finding& problem) {
   return host::json_document([&](Writer& writer) {
      writer.text("schema", "msp.error/1");
      writer.object("error", [&] {
         writer.text("code", problem.code);
         writer.text("summary", problem.summary);
         writer.text_or_null("remedy", problem.remedy);
      });
   });
}

}  // namespace msp::console
