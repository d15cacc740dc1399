// manifest_checks.cpp - what the plugin says about itself.
#include <algorithm>
#include <array>

#include "author/checks.hpp"
#include "msp/host/language.hpp"
#include "msp/host/library.hpp"
#include "msp/host/manifest.hpp"

namespace msp::author {
namespace {

struct Read {
   std::optional<host::Manifest> manifest;
   host::ManifestNotes notes;
   std::string why;  // there is none
};

Read read(const Subject& subject) {
   Read result;
   const auto facts = host::read_library(subject.file);
   if (!facts) {
      result.why = "The file cannot be read as a plugin.";
      return result;
   }
   auto manifest = host::parse_manifest(facts.value().manifest, &result.notes);
   if (manifest)
      result.manifest = std::move(manifest).value();
   else
      result.why = manifest.finding().summary;
   return result;
}

Verdict is_valid(const Subject& subject) {
   const Read manifest = read(subject);
   return manifest.manifest ? Verdict{} : failed(manifest.why);
}

Verdict has_known_keys(const Subject& subject) {
   const Read manifest = read(subject);
   if (!manifest.manifest) return skipped(manifest.why);
   if (manifest.notes.unknown_keys.empty()) return {};
   std::string places;
   for (const std::string& each : manifest.notes.unknown_keys) places += (places.empty() ? "" : ", ") + each;
   return failed("Not known: " + places + ".");
}

Verdict hides_secrets(const Subject& subject) {
   const Read manifest = read(subject);
   if (!manifest.manifest) return skipped(manifest.why);
   static constexpr std::array<std::string_view, 4> kSecrets = {"password", "secret", "token", "private_key"};
   for (const host::Field& field : manifest.manifest->fields) {
      if (field.kind != host::FieldKind::text) continue;
      for (const std::string_view word : kSecrets)
         if (field.id.ends_with(word))
            return failed("The field \"" + field.id + "\" is shown while it is typed, and stored as it is.");
   }
   return {};
}

Verdict helps_with_fields(const Subject& subject) {
   const Read manifest = read(subject);
   if (!manifest.manifest) return skipped(manifest.why);
   for (const host::Field& field : manifest.manifest->fields)
      if (field.kind == host::FieldKind::secret && !field.kept && field.id != "password" && field.help.empty() &&
          field.doc_url.empty())
         return failed("Nothing says where the value of \"" + field.id + "\" is found.");
   return {};
}

Verdict is_translated_whole(const Subject& subject) {
   const Read manifest = read(subject);
   if (!manifest.manifest) return skipped(manifest.why);
   for (const auto& [language, texts] : manifest.manifest->texts)
      if (const auto missing = host::untranslated(*manifest.manifest, language); !missing.empty())
         return failed(
             "In " + language + " there is no " + missing.front() +
             (missing.size() == 1 ? "." : ", and " + std::to_string(missing.size() - 1) + " more are missing."));
   return {};
}

Verdict says_how_to_grant(const Subject& subject) {
   const Read manifest = read(subject);
   if (!manifest.manifest) return skipped(manifest.why);
   if (manifest.manifest->permissions.empty()) return failed("It names no permission, so none can be checked.");
   for (const host::Permission& permission : manifest.manifest->permissions)
      if (permission.remedy.empty() || permission.used_for.empty())
         return failed("The permission \"" + permission.id +
                       "\" does not say what it is used for, or how it is granted.");
   return {};
}

constexpr Check kManifestChecks[] = {
    {"manifest.valid", "The manifest is one that the console takes.",
     "Correct what the sentence names; the schema is in share/msp/schema.", is_valid, Tier::bronze},
    {"manifest.keys", "Every key of the manifest is known.",
     "Correct the spelling: a console passes over keys that it does not know.", has_known_keys, Tier::silver},
    {"manifest.secrets", "What reads like a secret is a field of kind \"secret\".", "Set its kind to \"secret\".",
     hides_secrets, Tier::silver},
    {"manifest.help", "Every secret field but a password says where its value is found.",
     "Give it \"help\" or \"doc_url\".", helps_with_fields, Tier::gold},
    {"manifest.permissions", "Every permission says what it is for and how it is granted.",
     "Give it \"used_for\" and \"remedy\".", says_how_to_grant, Tier::gold},
    {"manifest.texts", "Every text is there in each language that the manifest has.",
     "Translate what the sentence names: it is shown in the manifest's own language.", is_translated_whole, Tier::gold},
};

}  // namespace

std::span<const Check> manifest_checks() { return kManifestChecks; }

}  // namespace msp::author
