// msp/host/settings.hpp - what an administrator typed, before and after the form check.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/finding.hpp"
#include "msp/host/manifest.hpp"
#include "msp/host/secret.hpp"

namespace msp::host {

// Raw input by field id. Movable, not copyable, because of the secrets.
struct Settings {
   std::map<std::string, std::string, std::less<>> values;
   std::map<std::string, SecretBytes, std::less<>> secrets;
   // Read back from a store: fields that are asked for once are empty, and need not be there; what was saved under a
   // name that a field had before is taken for that field.
   bool saved = false;

   [[nodiscard]] Settings copy() const;
};

// Moves what is saved under a name that the field had to the name that it has now, and returns that former name, or "".
// Where something is saved under several, the present name wins, then the newest former one; the rest is taken out.
template <class Map>
std::string take_over_renamed(const Field& field, Map& saved) {
   std::string from;
   for (const std::string& former : field.was) {
      auto found = saved.extract(former);
      if (found.empty() || saved.contains(field.id)) continue;
      found.key() = field.id;
      saved.insert(std::move(found));
      from = former;
   }
   return from;
}

struct SettingsCheck;

// Settings that fit the manifest's form: only visible fields, defaults filled in, every value of its kind.
// Comes only out of check_settings.
class CheckedSettings {
 public:
   [[nodiscard]] const std::map<std::string, std::string, std::less<>>& values() const noexcept {
      return settings_.values;
   }
   [[nodiscard]] const std::map<std::string, SecretBytes, std::less<>>& secrets() const noexcept {
      return settings_.secrets;
   }
   [[nodiscard]] CheckedSettings copy() const { return CheckedSettings(settings_.copy()); }

   // The plugin keeps another value from now on; an empty one is forgotten. REQUIRES: the field is marked as kept.
   void keep(const std::string& field_id, SecretBytes value);

 private:
   friend SettingsCheck check_settings(const Manifest& manifest, Settings settings);
   explicit CheckedSettings(Settings settings) : settings_(std::move(settings)) {}
   Settings settings_;
};

struct SettingsCheck {
   std::vector<Finding> findings;            // input.required, input.invalid, input.too_long; one per field at most
   std::optional<CheckedSettings> settings;  // absent when a finding is an error

   [[nodiscard]] SettingsCheck copy() const;
};

// The form check. Values of `text` and `url` fields lose surrounding white space, a `url` loses query and fragment
// too, and gets https:// when it has no scheme; secrets are never changed, but
// for line ends in those of several lines. Unknown field ids are input.invalid.
// [any-thread]
SettingsCheck check_settings(const Manifest& manifest, Settings settings);

// Whether a secret field could hold this value: valid UTF-8 without control characters, but for the line ends of one of
// several lines. [any-thread]
bool is_storable(const Field& field, std::string_view secret) noexcept;

// Whether all conditions hold, given these values. [any-thread]
bool holds(const Manifest& manifest, const std::vector<Condition>& conditions,
           const std::map<std::string, std::string, std::less<>>& values);

// Whether `field` is shown, given the other values. An invisible field is not required, not checked, not sent, not
// stored.
bool visible(const Manifest& manifest, const Field& field,
             const std::map<std::string, std::string, std::less<>>& values);

}  // namespace msp::host
