// manifest_texts.hpp - the texts of a manifest that may be translated, each with the place that names it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "manifest/json_object.hpp"
#include "msp/host/manifest.hpp"

namespace msp::host {

enum class TextKind { line, lines };

// Calls `visit` with place, text and kind of each: "fields.api_key.label", "permissions.tickets.read.remedy",
// "fields.region.choices.eu.label", "prerequisites.0", "grant_preamble".
void for_each_text(Manifest& manifest, const std::function<void(const std::string&, std::string&, TextKind)>& visit);

// Whether it is the tag of a language: "de", "pt-BR", "zh-Hant".
bool is_language(std::string_view tag) noexcept;

// Reads `language` and `texts` of a manifest whose other keys were read. Throws ManifestError.
void read_texts(JsonObject& object, Manifest& manifest);

}  // namespace msp::host
