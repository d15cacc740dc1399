#include <CLI/App.hpp>
#include <memory>

#include "cli/context.hpp"
#include "core/conditions.hpp"
#include "store/clock.hpp"
#include "store/finding_error.hpp"
#include "words/documents.hpp"

namespace msp::console {
namespace {

// Texts of a plugin as Markdown that shows them as they are.
std::string markdown(std::string_view text) {
   std::string result;
   for (const char letter : one_line(text, 2000)) {
      if (std::string_view("\\`*_[]<|").find(letter) != std::string_view::npos) result += '\\';
      result += letter;
   }
   return result;
}

// In brackets behind what it is about.
std::string condition(const host::Manifest& manifest, const std::vector<host::Condition>& conditions) {
   const std::string text = only_when(manifest, conditions);
   return text.empty() ? "" : " (" + markdown(text) + ")";
}

// With boxes to tick, on paper and where Markdown is shown.
std::string permissions(const host::Manifest& manifest, host::Need need, const std::string& title) {
   std::string rows;
   for (const host::Permission& permission : manifest.permissions) {
      if (permission.need != need) continue;
      rows += "- [ ] **" + markdown(permission.entity) + " – " + markdown(permission.operation) +
              "**: " + markdown(permission.own_remedy) + " Used for: " + markdown(permission.used_for) +
              condition(manifest, permission.when) + "\n";
   }
   return rows.empty() ? rows : "\n### " + title + "\n\n" + rows;
}

std::string sheet(const host::Manifest& manifest, const Presets& presets) {
   std::string text =
       "# What the integration with " + markdown(manifest.name) + " needs" + "\n\nFor the administrator of " +
       markdown(manifest.name) +
       ". Please set this up, then send us the items under \"To hand over\" through a secure channel.\n" +
       "\nConsole: msp-console " MSP_CONSOLE_VERSION ". Date: " + iso_time(system_clock()()).substr(0, 10) + ".\n";
   if (!manifest.prerequisites.empty()) {
      text += "\n## Beforehand\n\n";
      int number = 0;
      for (const std::string& step : manifest.prerequisites) {
         text += std::to_string(++number) + ". [ ] " + markdown(step) + "\n";
      }
   }
   if (!manifest.permissions.empty()) text += "\n## Permissions\n";
   if (!manifest.grant_preamble.empty()) text += "\n" + markdown(manifest.grant_preamble) + "\n";
   text += permissions(manifest, host::Need::required, "Required permissions");
   text += permissions(manifest, host::Need::optional, "Optional permissions");
   text += "\n## To hand over\n\n";
   for (const host::Field& field : manifest.fields) {
      if (presets.find(manifest.id, field) || field.kept) continue;  // the console or the plugin supplies it
      text += "- [ ] **" + markdown(field.label) + "**";
      if (!field.required) text += " (optional)";
      if (field.kind == host::FieldKind::secret) text += " (secret)";
      text += condition(manifest, field.visible_when);
      if (!field.help.empty()) text += ": " + markdown(field.help);
      if (!field.doc_url.empty()) text += " See <" + one_line(field.doc_url, 2000) + ">.";
      text += "\n";
   }
   text += "\n## Network\n\nThe console opens HTTPS connections to these hosts and to no others:\n\n";
   for (const std::string& name : manifest.hosts) text += "- `" + one_line(name) + "`\n";
   for (const std::string& id : manifest.hosts_from) {
      const host::Field* field = manifest.field(id);
      text += "- the address entered as \"" + markdown(field ? field->label : id) + "\"\n";
   }
   return text + "\nA check reads only; it changes nothing on the platform.\n";
}

}  // namespace

void add_platform_commands(CLI::App& app, Command& chosen) {
   CLI::App* platform = app.add_subcommand("platform", "What a platform needs");
   platform->require_subcommand(1);
   platform->fallthrough();
   const auto id = std::make_shared<std::string>();
   CLI::App* requirements =
       platform->add_subcommand("requirements", "A sheet in Markdown to hand to the platform's administrator")
           ->fallthrough();
   requirements->add_option("ID", *id, "The plugin, as in `plugin list`")->required();
   requirements->callback([&chosen, id] {
      chosen = [id](Context& context) {
         auto found = context.console.plugins().find(*id);
         if (!found) throw FindingError(found.finding());
         const host::CatalogEntry& entry = found.value().entry;
         if (!entry.manifest) throw FindingError({"plugin.defect", entry.reason, entry.remedy});
         if (context.options.json) {
            context.output.document(
                plugin_document(found.value(), context.console.presets(), languages(context.options)));
         } else {
            context.output.result(
                sheet(host::in_language(*entry.manifest, languages(context.options)), context.console.presets()));
         }
         return ExitCode::accepted;
      };
   });
}

}  // namespace msp::console
