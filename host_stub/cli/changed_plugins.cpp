#include "cli/changed_plugins.hpp"

namespace msp::console {

void tell_changed_plugins(Context& context, std::string_view platform) {
   for (const PluginView& plugin : context.console.plugins().list()) {
      const bool asked = platform.empty() ? plugin.integrations > 0 : plugin.id() == platform;
      if (!asked || !plugin.changes()) continue;
      const std::string id = one_line(plugin.id(), 100);
      context.output.note(wrapped("The file of " + id +
                                      " in the plugin directory is another one than the approved one, which was used. "
                                      "See: msp-console plugin show " +
                                      id,
                                  2, context.output.note_style().width));
   }
}

}  // namespace msp::console
