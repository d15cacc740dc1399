// documents.hpp - the JSON that command line and page give out, besides msp.check/1. Pretty-printed, ending in a
// newline; no document holds a secret.
#pragma once

#include <string>
#include <vector>

#include "core/integrations.hpp"
#include "core/plugins.hpp"
#include "core/presets.hpp"

namespace msp::console {

std::string plugins_document(const std::vector<PluginView>& plugins);
// With its hosts, fields and permissions, and what changes when the file is another than the approved one.
// The plugin's texts are in one of these languages, or in its own; what changes in an update is told in its own.
std::string plugin_document(const PluginView& plugin, const Presets& presets, const host::Languages& languages);
std::string integrations_document(const std::vector<IntegrationView>& integrations);
// With its settings, where secrets are only "set at", the history of checks, what drifted, and the last check that was
// made whole.
std::string integration_document(const IntegrationDetails& integration);
// What a removal leaves on the platform, in a sentence or two.
std::string what_remains(const IntegrationRecord& integration, const SignedOut& signed_out);
std::string removed_document(const IntegrationRecord& integration, const SignedOut& signed_out);
std::string error_document(const host::Finding& problem);

}  // namespace msp::console
