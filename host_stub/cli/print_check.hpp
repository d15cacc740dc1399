// print_check.hpp - a check as a person reads it: how it ended, step by step, who signed in, which rights, what to do.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "core/integrations.hpp"
#include "words/check_words.hpp"

namespace msp::console {

// In brief, what is granted is counted only.
enum class Detail { brief, full };
std::string print_check(const CheckedIntegration& checked, Purpose purpose, Detail detail, const Style& style);

// The part of it about rights, what is missing first; empty when none is known.
std::string print_permissions(const CheckedIntegration& checked, Detail detail, const Style& style);

// Rights whose grants changed since the settings were saved; empty when none did. `manifest` may be null.
std::string print_drift(const std::vector<host::Drift>& drift, const host::Manifest* manifest, const Style& style);

// Shows steps and progress on one line of standard error while they run; nothing when that is no terminal.
std::function<void(const host::CheckEvent&)> live_progress(Output& output);

// "Tickets – update", or with a plain hyphen where the terminal knows no more.
std::string permission_name(const host::Permission& permission, const Style& style);

// "Validate credentials"
std::string step_title(const std::string& step);

}  // namespace msp::console
