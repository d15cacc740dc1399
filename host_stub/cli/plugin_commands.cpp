#include <CLI/App.hpp>
#include <memory>

#include "cli/context.hpp"
#include "cli/list_table.hpp"
#include "cli/print_check.hpp"
#include "cli/usage_error.hpp"
#include "cli/usage_words.hpp"
#include "core/conditions.hpp"
#include "words/documents.hpp"

namespace msp::console {
namespace {

Tone tone(host::PluginState state) {
   switch (state) {
      case host::PluginState::enabled:
         return Tone::good;
      case host::PluginState::available:
      case host::PluginState::disabled:
         return Tone::dim;
      case host::PluginState::modified:
         return Tone::caution;
      default:
         return Tone::bad;
   }
}

std::string joined(const std::vector<std::string>& texts, const std::string& otherwise) {
   std::string result;
   for (const std::string& text : texts) result += (result.empty() ? "" : ", ") + one_line(text);
   return result.empty() ? otherwise : result;
}

ExitCode list_plugins(Context& context) {
   const std::vector<PluginView> plugins = context.console.plugins().list();
   if (context.options.json) {
      context.output.document(plugins_document(plugins));
      return ExitCode::accepted;
   }
   const Style& style = context.output.style();
   if (plugins.empty()) {
      context.output.result(
          wrapped("No plugin yet. Drop a plugin's library into the plugin directory.", 0, style.width));
      return ExitCode::accepted;
   }
   std::vector<std::vector<Cell>> rows;
   std::string reasons;
   for (const PluginView& plugin : plugins) {
      const host::CatalogEntry& entry = plugin.entry;
      rows.push_back({{style.sign(tone(entry.state)), tone(entry.state)},
                      {one_line(plugin.id())},
                      {entry.manifest ? one_line(entry.manifest->name, 60) : ""},
                      {entry.manifest ? one_line(entry.manifest->version, 30) : ""},
                      {std::string(host::name(entry.state)), tone(entry.state)},
                      {std::to_string(plugin.integrations)}});
      if (entry.reason.empty()) continue;
      reasons += "\n" + wrapped(one_line(plugin.id() + ": " + entry.reason, 1000), 2, style.width,
                                style.painted_sign(tone(entry.state)) + " ");
      reasons += wrapped("What to do: " + one_line(entry.remedy, 1000), 2, style.width);
   }
   const std::vector<ListColumn> columns{{" "},          {"ID", 0, 12}, {"NAME", 2, 16},
                                         {"VERSION", 3}, {"STATE"},     {"INTEGRATIONS", 4}};
   context.output.result(list_table(columns, rows, context.options.wide, style) + reasons);
   return ExitCode::accepted;
}

std::string isolation_words(host::Isolation isolation) {
   return isolation == host::Isolation::process ? "in a process of its own" : "in the console's own process";
}

// What an administrator needs to decide: who made it, which bytes, whom it may talk to, what it will ask for.
std::string description(const PluginView& plugin, const Style& style, const host::Languages& read_by) {
   const host::CatalogEntry& entry = plugin.entry;
   std::vector<std::vector<Cell>> rows;
   const auto row = [&](const char* name, const std::string& value) {
      if (!value.empty()) rows.push_back({{name, Tone::dim}, {value}});
   };
   std::string text;
   if (entry.manifest) {
      const host::Manifest& manifest = *entry.manifest;
      text += style.paint(one_line(manifest.name), Tone::strong) + " (" + one_line(manifest.id) + ")\n";
      row("Vendor", one_line(manifest.vendor));
      row("Version", one_line(manifest.version));
      row("Homepage", one_line(manifest.homepage));
      row("License", one_line(manifest.license));
      row("May talk to", joined(manifest.hosts, manifest.hosts_from.empty() ? "nobody" : ""));
      for (const std::string& id : manifest.hosts_from) {
         const host::Field* field = manifest.field(id);
         row("May talk to", "the address entered as \"" + one_line(field ? field->label : id) + "\"");
      }
   } else {
      text += style.paint(plugin.id(), Tone::strong) + "\n";
   }
   row("File", one_line(entry.file.string(), 1000));
   row("SHA-256", entry.sha256);
   if (!plugin.approved_sha256.empty() && plugin.approved_sha256 != entry.sha256) {
      row("Approved so far", plugin.approved_sha256);
   }
   if (plugin.publisher)
      row("Publisher's key",
          plugin.publisher->key + (plugin.publisher->genuine ? "" : " - the file was changed since"));
   row("Runs", isolation_words(plugin.isolation));
   std::string confined;
   for (const host::IsolationLayer& layer : plugin.layers)
      if (layer.active) confined += (confined.empty() ? "" : ", ") + layer.name;
   row("Confined by", confined);
   for (const host::IsolationLayer& layer : plugin.layers)
      if (!layer.active) row("Not on this system", one_line(layer.name + ": " + layer.detail, 300));
   row("Loads along", joined(entry.libraries, ""));
   row("Searched in", joined(entry.search_places, ""));
   row("State", std::string(host::name(entry.state)));
   row("Integrations", std::to_string(plugin.integrations));
   text += table(rows, 2, style);
   if (!entry.reason.empty()) {
      text += wrapped(one_line(entry.reason, 1000), 4, style.width, "  " + style.painted_sign(tone(entry.state)) + " ");
      text += wrapped("What to do: " + one_line(entry.remedy, 1000), 4, style.width);
   }
   if (const auto changes = plugin.changes()) {
      text += "\nWhat changes:\n";
      for (const PluginChange& change : *changes) {
         const Tone colour = change.alarming ? Tone::bad : change.more ? Tone::caution : Tone::plain;
         text +=
             wrapped(one_line(change.text), 4, style.width, "  " + style.paint(change.more ? "!" : "-", colour) + " ");
      }
      if (changes->empty()) text += "  Only the code: hosts, permissions and fields stay as they were.\n";
   }
   if (!entry.manifest || entry.manifest->permissions.empty()) return text;

   text += "\nPermissions it asks for on the platform:\n";
   std::vector<std::vector<Cell>> rights;
   const host::Manifest shown = host::in_language(*entry.manifest, read_by);
   for (const host::Permission& permission : shown.permissions) {
      const std::string condition = only_when(shown, permission.when);
      rights.push_back({{permission_name(permission, style)},
                        {std::string(host::name(permission.need)), Tone::dim},
                        {one_line(permission.used_for + (condition.empty() ? "" : " (" + condition + ")"))}});
   }
   return text + table(rights, 2, style);
}

PluginView find(Context& context, const std::string& id) {
   auto found = context.console.plugins().find(id);
   if (!found) throw FindingError(found.finding());
   return std::move(found).value();
}

ExitCode show_plugin(Context& context, const std::string& id) {
   const PluginView plugin = context.console.plugins().with_details(find(context, id));
   if (context.options.json) {
      context.output.document(plugin_document(plugin, context.console.presets(), languages(context.options)));
   } else {
      context.output.result(description(plugin, context.output.style(), languages(context.options)));
   }
   return ExitCode::accepted;
}

ExitCode enable_plugin(Context& context, const std::string& id, const std::string& sha256) {
   auto chosen = context.console.plugins().choose(id, sha256);
   if (!chosen) throw FindingError(chosen.finding());
   const PluginView before = context.console.plugins().with_details(std::move(chosen).value());
   const bool already = before.entry.state == host::PluginState::enabled;
   if (!already) {
      if (context.options.json) {
         context.output.note(description(before, context.output.note_style(), languages(context.options)));
      } else {
         context.output.result(description(before, context.output.style(), languages(context.options)));
      }
      if (!context.confirm("\nFrom now on this library's code runs " + isolation_words(before.isolation) +
                           ". Enable it?")) {
         throw FindingError({"host.cancelled", "The plugin was not enabled.", ""});
      }
   }
   auto enabled = context.console.plugins().enable(id, before.entry.sha256);
   if (!enabled) throw FindingError(enabled.finding());
   if (context.options.json) {
      context.output.document(plugin_document(enabled.value(), context.console.presets(), languages(context.options)));
   } else {
      const Style& style = context.output.style();
      context.output.result(
          (already ? "" : "\n") +
          style.paint(style.sign(Tone::good) + (already ? " Already enabled: " : " Enabled: "), Tone::good) +
          one_line(enabled.value().id()) + "\n");
   }
   return ExitCode::accepted;
}

void print_changed(Context& context, const PluginView& plugin, const std::string& sentence) {
   if (context.options.json)
      return context.output.document(plugin_document(plugin, context.console.presets(), languages(context.options)));
   const Style& style = context.output.style();
   context.output.result(style.paint(style.sign(Tone::good) + " " + one_line(plugin.id()), Tone::good) + sentence +
                         "\n");
}

ExitCode isolate_plugin(Context& context, const std::string& id, host::Isolation isolation) {
   if (isolation == host::Isolation::in_process &&
       !context.confirm(
           "In the console's own process the plugin's code can read every secret of the console, and end it. "
           "Run it there?")) {
      throw FindingError({"host.cancelled", "Nothing was changed.", ""});
   }
   const auto changed = context.console.plugins().set_isolation(id, isolation);
   if (!changed) throw FindingError(changed.finding());
   print_changed(context, changed.value(), " runs " + isolation_words(changed.value().isolation) + " from now on.");
   return ExitCode::accepted;
}

ExitCode release_plugin(Context& context, const std::string& id) {
   const auto released = context.console.plugins().release(id);
   if (!released) throw FindingError(released.finding());
   print_changed(context, released.value(), " may be started.");
   return ExitCode::accepted;
}

ExitCode disable_plugin(Context& context, const std::string& id) {
   auto disabled = context.console.plugins().disable(id);
   if (!disabled) throw FindingError(disabled.finding());
   const auto counts = context.console.store().integrations_per_platform();
   const auto count = counts.find(id);
   if (context.options.json) {
      auto view = context.console.plugins().find(id);
      PluginView gone;
      gone.entry.state = host::PluginState::disabled;
      context.output.document(
          plugin_document(view ? view.value() : gone, context.console.presets(), languages(context.options)));
      return ExitCode::accepted;
   }
   const Style& style = context.output.style();
   std::string text = style.paint(style.sign(Tone::good) + " Disabled: ", Tone::good) + one_line(id) + "\n";
   if (count != counts.end()) {
      text += wrapped("Its integrations (" + std::to_string(count->second) +
                          ") stay saved; they cannot be used until the plugin is enabled again.",
                      2, style.width);
   }
   context.output.result(text);
   return ExitCode::accepted;
}

}  // namespace

void add_plugin_commands(CLI::App& app, Command& chosen) {
   CLI::App* plugin = app.add_subcommand("plugin", "The platforms' plugins");
   plugin->require_subcommand(1);
   plugin->fallthrough();

   plugin->add_subcommand("list", "All plugins with their state")->fallthrough()->callback([&chosen] {
      chosen = list_plugins;
   });

   const auto add = [&](const char* name, const char* text, ExitCode (*command)(Context&, const std::string&)) {
      const auto id = std::make_shared<std::string>();
      CLI::App* one = plugin->add_subcommand(name, text)->fallthrough();
      one->add_option("ID", *id, "The plugin, as in `plugin list`")->required();
      one->callback(
          [&chosen, id, command] { chosen = [id, command](Context& context) { return command(context, *id); }; });
   };
   add("show", "Who made a plugin, whom it may talk to, which permissions it asks for", show_plugin);
   const auto enabled = std::make_shared<std::pair<std::string, std::string>>();
   CLI::App* trust = plugin->add_subcommand("enable", "Trust a plugin's present bytes and use them")->fallthrough();
   trust->add_option("ID", enabled->first, "The plugin, as in `plugin list`")->required();
   trust->add_option("--sha256", enabled->second, "The SHA-256 of the file to trust, where several have that ID")
       ->type_name("HASH");
   trust->callback([&chosen, enabled] {
      chosen = [enabled](Context& context) { return enable_plugin(context, enabled->first, enabled->second); };
   });
   add("disable", "Use a plugin no more; its integrations stay", disable_plugin);
   add("release", "Let a plugin out of quarantine", release_plugin);
   const auto placed = std::make_shared<std::pair<std::string, std::string>>();
   CLI::App* isolation = plugin->add_subcommand("isolation", "Where a plugin's code runs")->fallthrough();
   isolation->add_option("ID", placed->first, "The plugin, as in `plugin list`")->required();
   isolation->add_option("WHERE", placed->second, "process: in a process of its own; in-process: in the console's")
       ->required()
       ->check(one_of({"process", "in-process"}));
   isolation->callback([&chosen, placed] {
      chosen = [placed](Context& context) {
         return isolate_plugin(context, placed->first,
                               placed->second == "process" ? host::Isolation::process : host::Isolation::in_process);
      };
   });
}

}  // namespace msp::console
