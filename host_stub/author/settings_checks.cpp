// settings_checks.cpp - what else an administrator may type: the form lets it pass, so the plugin meets it.
#include <algorithm>
#include <random>

#include "author/checks.hpp"

namespace msp::author {
namespace {

using host::Field;
using host::FieldKind;
using host::Settings;

host::Manifest manifest_of(const Subject& subject) { return Trial(subject).plugin()->manifest(); }

// Nothing when the form does not let these settings pass: then no plugin sees them.
std::optional<std::string> defect_with(const Subject& subject, const host::Manifest& manifest, Settings settings) {
   if (!host::check_settings(manifest, settings.copy()).settings) return std::nullopt;
   Subject other = subject.copy();
   other.settings = std::move(settings);
   return defect_of(Trial(other).check());
}

Settings with(const Settings& settings, const Field& field, std::string value) {
   Settings changed = settings.copy();
   if (field.kind == FieldKind::secret)
      changed.secrets[field.id] = host::SecretBytes::take(value);
   else
      changed.values[field.id] = std::move(value);
   return changed;
}

// Fields that take any text. An address says whom to ask, so it stays.
std::vector<const Field*> open_fields(const host::Manifest& manifest) {
   std::vector<const Field*> fields;
   for (const Field& field : manifest.fields)
      if (!field.kept && (field.kind == FieldKind::text || field.kind == FieldKind::secret)) fields.push_back(&field);
   return fields;
}

std::string at_most(std::string text, std::size_t size) {
   text.resize(std::min(text.size(), size));
   while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) text.pop_back();
   if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0U) text.pop_back();
   return text;
}

Verdict copes_without_what_is_optional(const Subject& subject) {
   const host::Manifest manifest = manifest_of(subject);
   Settings least = subject.settings.copy();
   for (const Field& field : manifest.fields)
      if (!field.required) {
         least.values.erase(field.id);
         least.secrets.erase(field.id);
      }
   const auto defect = defect_with(subject, manifest, std::move(least));
   return defect ? failed("With the required fields alone: " + *defect) : Verdict{};
}

Verdict copes_with_odd_values(const Subject& subject) {
   const host::Manifest manifest = manifest_of(subject);
   for (const Field* field : open_fields(manifest)) {
      const std::pair<std::string_view, std::string> values[] = {
          {"one letter", "x"},
          {"as long a value as the field takes", std::string(std::min<std::size_t>(field->max_length, 8192), 'x')},
          {"letters with accents, Chinese ones and emoji",
           at_most("Zo\xC3\xAB \xE4\xBD\xA0\xF0\x9F\x98\x80", field->max_length)},
          {"quotes and backslashes", at_most(R"("a" 'b' \c\ </d>)", field->max_length)},
          {"what has a meaning in addresses", at_most("a&b=c+d/../e?f#g%00;h", field->max_length)},
          {"what has a meaning in formats", at_most("%s%n%d{}{0}$x", field->max_length)},
      };
      for (const auto& [what, value] : values)
         if (const auto defect = defect_with(subject, manifest, with(subject.settings, *field, value)))
            return failed("With " + std::string(what) + " in \"" + field->id + "\": " + *defect);
   }
   return {};
}

// Valid UTF-8 without control characters, as the form wants it.
std::string random_text(std::mt19937& random, std::size_t most) {
   std::string text;
   for (std::size_t left = random() % (most + 1); left >= 4; left -= 4) {
      const unsigned kind = random() % 4;
      if (kind < 2)
         text += static_cast<char>(' ' + random() % 95);
      else if (kind == 2)
         text += {static_cast<char>(0xC3), static_cast<char>(0x80 + random() % 64)};
      else
         text += {static_cast<char>(0xF0), static_cast<char>(0x9F), static_cast<char>(0x98),
                  static_cast<char>(0x80 + random() % 64)};
   }
   return text;
}

Verdict copes_with_random_values(const Subject& subject) {
   const host::Manifest manifest = manifest_of(subject);
   for (unsigned round = 0; round < subject.fuzz; ++round) {
      const unsigned seed = subject.seed + round;
      std::mt19937 random(seed);
      Settings settings = subject.settings.copy();
      for (const Field* field : open_fields(manifest))
         if (random() % 2 == 0)
            settings = with(settings, *field, random_text(random, std::min<std::size_t>(field->max_length, 4096)));
      if (const auto defect = defect_with(subject, manifest, std::move(settings)))
         return failed("With the values of --fuzz 1 --seed " + std::to_string(seed) + ": " + *defect);
   }
   return {};
}

constexpr Check kSettingsChecks[] = {
    {"settings.optional", "It works with the required fields alone.",
     "setting() and secret() give NULL for a field that was left empty.", copes_without_what_is_optional, Tier::silver,
     true},
    {"settings.odd", "Whatever somebody typed, the check ends well.",
     "Encode values for where they go, and make room for max_length bytes.", copes_with_odd_values, Tier::silver, true},
    {"settings.random", "Random values in the form do no harm; --fuzz says how many are tried.",
     "Try again with the seed that the sentence names, and --only settings.random.", copes_with_random_values,
     Tier::silver, true},
};

}  // namespace

std::span<const Check> settings_checks() { return kSettingsChecks; }

}  // namespace msp::author
