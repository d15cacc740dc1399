// negotiation.hpp - from the entry symbol of a plugin to a table that this host can use.
#pragma once

#include "msp/host/result.hpp"
#include "msp/plugin.h"

namespace msp::host {

// Calls the plugin's entry and examines what it hands over: code "plugin.incompatible" or "plugin.defect".
Result<const msp_plugin*> negotiate(const msp_plugin*(MSP_CDECL* entry)(const msp_host*) noexcept,
                                    const msp_host& host);

}  // namespace msp::host
