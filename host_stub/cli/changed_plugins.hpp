// changed_plugins.hpp - whoever uses a plugin is told that its file is another one by now.
#pragma once

#include <string_view>

#include "cli/context.hpp"

namespace msp::console {

// To standard error: that the file in the plugin directory is not the one that was approved and works. Of all plugins
// that have integrations when `platform` is empty.
void tell_changed_plugins(Context& context, std::string_view platform = {});

}  // namespace msp::console
