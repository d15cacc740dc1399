// settings_merge.hpp - what a check is run with: what was typed now, what was saved before, and the console's presets.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/presets.hpp"
#include "msp/host/settings.hpp"
#include "store/records.hpp"

namespace msp::console {

using OpenSecret =
    std::function<host::Result<host::SecretBytes>(const IntegrationRecord& saved, const std::string& field)>;

// Whether the two have other values in the fields that say which account is used.
bool changes_account(const host::Manifest& manifest, const IntegrationRecord& before, const IntegrationRecord& now);

struct MergedSettings {
   host::Settings settings;
   std::set<std::string, std::less<>> from_preset;
   // Secrets that were saved but must be typed again, because the edit changes which account they would be sent to.
   std::set<std::string, std::less<>> to_type_again;
   bool account_changes = false;         // a field that says which account is used has another value than the saved one
   std::vector<host::Finding> findings;  // host.secret_unreadable, one per saved secret that does not open
};

// Typed values win, then saved ones, then presets; a saved copy of a preset gives way to the present one. What the form
// no longer has, or no longer shows, is left out, and so is what the plugin keeps itself. `saved` is nullptr for a new
// integration.
MergedSettings merge_settings(const host::Manifest& manifest, const Presets& presets, const IntegrationRecord* saved,
                              host::Settings typed, const OpenSecret& open);

// The same before any secret is opened: a saved one that would serve is only marked as there.
MergedSettings preview_settings(const host::Manifest& manifest, const Presets& presets, const IntegrationRecord* saved,
                                const host::Settings& typed);

// The visible required fields that have no value after the merge, in the manifest's order.
std::vector<host::Field> missing_fields(const host::Manifest& manifest, const Presets& presets,
                                        const IntegrationRecord* saved, const host::Settings& typed);

}  // namespace msp::console
