// renamed_fields.hpp - what was saved before a plugin renamed its fields.
#pragma once

#include <string>
#include <vector>

#include "msp/host/manifest.hpp"
#include "store/records.hpp"

namespace msp::console {

// The record with everything under the names that the fields have now. The store keeps it as it was until it is saved
// again, so that the approved version before an update finds what it saved.
IntegrationRecord under_present_names(IntegrationRecord saved, const host::Manifest& manifest);

// Secrets that the store has under former names of the field; to go when there is a newer one.
std::vector<std::string> former_secrets(const IntegrationRecord& stored, const host::Field& field);

}  // namespace msp::console
