// form.hpp - the settings as this platform needs them: what is refused before anything is sent, and what is told.
#pragma once

#include "msp/sdk/call.hpp"
#include "refusal.hpp"

namespace kaseya_vsa {

Method method_of(const msp::sdk::Call& call) noexcept;

// Reports a setting that cannot be sent.
msp::sdk::Outcome check_form(msp::sdk::Call& call);

// Tells what is odd about the token but does no harm.
void report_notices(msp::sdk::Call& call);

// For a password that was accepted.
msp::sdk::Finding method_deprecated();

}  // namespace kaseya_vsa
