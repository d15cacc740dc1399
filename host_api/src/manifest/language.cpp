#include "msp/host/language.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "manifest/manifest_texts.hpp"
#include "msp/host/ascii.hpp"
#include "msp/host/text.hpp"

namespace msp::host {
namespace {

constexpr std::size_t kMostLanguages = 16;
constexpr std::size_t kLongestHeader = 1024;

struct Wanted {
   std::string language;
   int weight = 1000;  // of q=..., in thousandths
};

// "0.85" is 850. What is no weight counts as none was given.
int weight_of(std::string_view text) {
   int weight = text.starts_with('1') ? 1000 : 0;
   if (text.empty() || (text[0] != '0' && text[0] != '1')) return 1000;
   int unit = 100;
   for (std::size_t i = 2; i < text.size() && i < 5 && text[0] == '0'; ++i, unit /= 10)
      if (text[i] >= '0' && text[i] <= '9') weight += (text[i] - '0') * unit;
   return weight;
}

bool begins_with(std::string_view language, std::string_view wanted) {
   return language.size() > wanted.size() && language[wanted.size()] == '-' &&
          equal_ignoring_case(language.substr(0, wanted.size()), wanted);
}

// The one of `present` that is `wanted`, or that without region and script; else one of another region.
template <class Present>
std::string_view find(const Present& present, std::string_view wanted) {
   for (std::string_view shorter = wanted; !shorter.empty();
        shorter = shorter.substr(0, shorter.find('-') == shorter.npos ? 0 : shorter.rfind('-')))
      for (const std::string_view language : present)
         if (equal_ignoring_case(language, shorter)) return language;
   for (const std::string_view language : present)
      if (begins_with(language, wanted)) return language;
   return {};
}

std::string place(std::string_view group, std::string_view id, std::string_view key) {
   return std::string(group) + "." + std::string(id) + "." + std::string(key);
}

}  // namespace

bool is_language(std::string_view tag) noexcept {
   const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
   const auto letter_or_digit = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
   const std::string_view first = tag.substr(0, tag.find('-'));
   if (first.size() < 2 || first.size() > 3 || !std::ranges::all_of(first, letter) || tag.size() > 35) return false;
   for (std::string_view rest = tag.substr(first.size()); !rest.empty();) {
      const std::string_view part = rest.substr(1, rest.find('-', 1) - 1);
      if (part.empty() || part.size() > 8 || !std::ranges::all_of(part, letter_or_digit)) return false;
      rest.remove_prefix(part.size() + 1);
   }
   return true;
}

Languages languages_of_header(std::string_view accept_language) {
   std::vector<Wanted> all;
   std::string_view rest = accept_language.substr(0, kLongestHeader);
   while (!rest.empty()) {
      const std::string_view part = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
      const std::string_view language = trim(part.substr(0, part.find(';')));
      const std::size_t q = part.find("q=");
      const int weight = q == part.npos ? 1000 : weight_of(trim(part.substr(q + 2)));
      if (is_language(language) && weight > 0) all.push_back({std::string(language), weight});
   }
   std::ranges::stable_sort(all, std::greater{}, &Wanted::weight);
   Languages languages;
   for (Wanted& one : all)
      if (languages.size() < kMostLanguages) languages.push_back(std::move(one.language));
   return languages;
}

std::string language_of_locale(std::string_view locale) {
   std::string language(locale.substr(0, locale.find_first_of(".@")));
   std::ranges::replace(language, '_', '-');
   return is_language(language) ? language : std::string();
}

std::string_view best_language(const Manifest& manifest, const Languages& wanted) {
   std::vector<std::string_view> present{manifest.language};
   for (const auto& [language, texts] : manifest.texts) present.push_back(language);
   for (const std::string& one : wanted)
      if (const std::string_view found = find(present, one); !found.empty()) return found;
   return manifest.language;
}

Manifest in_language(const Manifest& manifest, const Languages& wanted) {
   Manifest result = manifest;
   result.texts.clear();  // of what it was made from
   const auto found = manifest.texts.find(best_language(manifest, wanted));
   if (found == manifest.texts.end()) return result;
   result.language = found->first;
   for_each_text(result, [&](const std::string& at, std::string& text, TextKind) {
      if (const auto translated = found->second.find(at); translated != found->second.end()) text = translated->second;
   });
   for (Permission& permission : result.permissions)
      permission.remedy = result.grant_preamble + (result.grant_preamble.empty() ? "" : " ") + permission.own_remedy;
   return result;
}

void for_each_text(Manifest& manifest, const std::function<void(const std::string&, std::string&, TextKind)>& visit) {
   const auto lines = TextKind::lines;
   for (std::size_t i = 0; i < manifest.prerequisites.size(); ++i)
      visit("prerequisites." + std::to_string(i), manifest.prerequisites[i], TextKind::line);
   visit("grant_preamble", manifest.grant_preamble, lines);
   for (Field& field : manifest.fields) {
      const auto of_field = [&](std::string_view key) { return place("fields", field.id, key); };
      visit(of_field("label"), field.label, TextKind::line);
      visit(of_field("help"), field.help, lines);
      visit(of_field("placeholder"), field.placeholder, TextKind::line);
      for (Choice& choice : field.choices) {
         const std::string of_choice = place("fields", field.id, "choices.") + choice.value;
         visit(of_choice + ".label", choice.label, TextKind::line);
         visit(of_choice + ".help", choice.help, lines);
      }
   }
   for (Permission& permission : manifest.permissions) {
      visit(place("permissions", permission.id, "used_for"), permission.used_for, lines);
      visit(place("permissions", permission.id, "remedy"), permission.own_remedy, lines);
   }
}

std::vector<std::string> untranslated(const Manifest& manifest, std::string_view language) {
   std::vector<std::string> places;
   const auto texts = manifest.texts.find(language);
   Manifest copy = manifest;
   for_each_text(copy, [&](const std::string& at, const std::string& text, TextKind) {
      if (!text.empty() && (texts == manifest.texts.end() || !texts->second.contains(at))) places.push_back(at);
   });
   return places;
}

bool is_right_to_left(std::string_view language) noexcept {
   static constexpr std::array<std::string_view, 8> kScripts{"Adlm", "Arab", "Hebr", "Mand",
                                                             "Nkoo", "Rohg", "Syrc", "Thaa"};
   static constexpr std::array<std::string_view, 13> kLanguages{"ar", "arc", "ckb", "dv", "fa", "he", "iw",
                                                                "ks", "ps",  "sd",  "ug", "ur", "yi"};
   const auto is_one_of = [](const auto& known, std::string_view part) {
      return std::ranges::any_of(known, [&](std::string_view one) { return equal_ignoring_case(one, part); });
   };
   const std::size_t dash = std::min(language.find('-'), language.size());
   // The second part, of four letters, is the script.
   const std::string_view second = language.substr(std::min(dash + 1, language.size()));
   const std::string_view script = second.substr(0, second.find('-'));
   if (script.size() == 4) return is_one_of(kScripts, script);
   return is_one_of(kLanguages, language.substr(0, dash));
}

}  // namespace msp::host
