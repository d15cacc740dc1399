// host_table.hpp - the msp_host that one plugin is given.
#pragma once

#include <memory>
#include <string>

#include "contract/runtime.hpp"
#include "msp/host.h"

namespace msp::host {

// The table for a plugin of this id, valid for the life of the process even when the runtime is gone: plugins are never
// unloaded and may keep it. Without its runtime it still hands out services and logs nothing. [any-thread]
const msp_host& make_host_table(const std::shared_ptr<Runtime>& runtime, const std::string& plugin_id);

}  // namespace msp::host
