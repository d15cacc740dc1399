#include "manifest/manifest_texts.hpp"

#include <algorithm>
#include <map>

#include "msp/host/text.hpp"

namespace msp::host {
namespace {

constexpr std::size_t kMostTranslations = 64;

std::string read_text(JsonObject& object, const std::string& place, TextKind kind) {
   return kind == TextKind::line ? object.required_line(place) : object.required_text(place);
}

}  // namespace

void read_texts(JsonObject& object, Manifest& manifest) {
   if (object.has("language")) {
      manifest.language = object.required_line("language");
      if (!is_language(manifest.language))
         object.refuse("language", "must be the tag of a language such as en or pt-BR");
   }
   if (!object.has("texts")) return;
   // What there is to be translated. A text that the manifest does not have has no translation either.
   std::map<std::string, TextKind, std::less<>> places;
   for_each_text(manifest, [&](const std::string& place, const std::string& text, TextKind kind) {
      if (!text.empty()) places.emplace(place, kind);
   });
   JsonObject all(object.required("texts"), object.place("texts"));
   const std::vector<std::string> languages = all.keys();
   if (languages.size() > kMostTranslations)
      object.refuse("texts", "has " + std::to_string(languages.size()) + " languages, at most " +
                                 std::to_string(kMostTranslations) + " are allowed");
   for (const std::string& language : languages) {
      if (!is_language(language))
         all.refuse(clean_text(language, 80), "must be the tag of a language such as de or pt-BR");
      if (language == manifest.language) all.refuse(language, "is the language of the manifest itself");
      JsonObject one(all.required(language), all.place(language));
      Manifest::Texts& texts = manifest.texts[language];
      for (const std::string& place : one.keys()) {
         const auto known = places.find(place);
         if (known == places.end())
            one.refuse(clean_text(place, 200), "is no text of this manifest that is translated");
         texts.emplace(place, read_text(one, place, known->second));
      }
   }
}

}  // namespace msp::host
