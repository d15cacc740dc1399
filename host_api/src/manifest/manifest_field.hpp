// manifest_field.hpp - one field of a manifest's form.
#pragma once

#include <string>
#include <vector>

#include "manifest/json_object.hpp"
#include "msp/host/manifest.hpp"

namespace msp::host {

// The key "id" of a plugin or a field: [a-z][a-z0-9_]*, at most 64 characters. Throws ManifestError.
std::string required_id(JsonObject& object);

// `earlier` are the fields before it: only those can decide whether it is visible. Throws ManifestError.
Field read_field(JsonObject& object, const std::vector<Field>& earlier, std::vector<std::string>& unknown_keys);

}  // namespace msp::host
