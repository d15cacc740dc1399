// manifest_field.hpp - one field of a manifest's form.
#pragma once

#include <string>
#include <vector>

#include "manifest/json_object.hpp"
#include "msp/host/manifest.hpp"

namespace msp::host {

// The key "id" of a plugin or a field: [a-z][a-z0-9_]*, at most 64 characters. Throws ManifestError.
std::string required_id(JsonObject& object);

// Fills `field`, and notes every mistake. `earlier` are the fields before it: only those can decide whether it is
// visible. Throws ManifestError for a field that has no id of its own, IncompatibleError for one of an unknown kind.
void read_field(JsonObject& object, Field& field, const std::vector<Field>& earlier, ManifestNotes& notes);

// Whether one of the mistakes is in the form.
bool has_mistake_in_fields(const ManifestNotes& notes);

// One condition, or an array of them, under a key that may be absent. Throws ManifestError.
std::vector<Condition> read_conditions(JsonObject& object, std::string_view key, const std::vector<Field>& earlier,
                                       std::vector<std::string>& unknown_keys);

}  // namespace msp::host
