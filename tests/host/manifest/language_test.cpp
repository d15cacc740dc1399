#include "msp/host/language.hpp"

#include <gtest/gtest.h>

namespace msp::host {
namespace {

std::string joined(const Languages& languages) {
   std::string text;
   for (const std::string& one : languages) text += (text.empty() ? "" : " ") + one;
   return text;
}

Manifest in(std::vector<std::string> translations) {
   Manifest manifest;
   manifest.language = "en";
   for (const std::string& language : translations) manifest.texts[language];
   return manifest;
}

TEST(Language, what_a_browser_says_is_read_by_weight_and_nonsense_is_left_out) {
   const struct {
      std::string header;
      std::string languages;
   } cases[] = {{"", ""},
                {"de", "de"},
                {"de-AT,de;q=0.9, en;q=0.8", "de-AT de en"},
                {"en;q=0.2, fr;q=0.75,de;q=0.8", "de fr en"},
                {"en;q=0, *;q=0.5, de", "de"},
                {"*", ""},
                {"de;q=banana, <script>, e, -, de--AT,x y", "de"},
                {";;;,,,q=1", ""},
                {"zh-Hant-TW;q=1.000", "zh-Hant-TW"}};
   for (const auto& each : cases) EXPECT_EQ(joined(languages_of_header(each.header)), each.languages) << each.header;
}

TEST(Language, of_a_long_list_sixteen_are_taken) {
   std::string header;
   for (char c = 'a'; c <= 'z'; ++c) header += std::string("x") + c + ",";
   EXPECT_EQ(languages_of_header(header).size(), 16U);
   EXPECT_LE(languages_of_header(std::string(100'000, 'a') + ",de").size(), 16U);
}

TEST(Language, a_locale_s_name_is_a_language_or_none) {
   EXPECT_EQ(language_of_locale("de_AT.UTF-8@euro"), "de-AT");
   EXPECT_EQ(language_of_locale("pt-BR"), "pt-BR");
   EXPECT_EQ(language_of_locale("ca@valencia"), "ca");
   for (const char* none : {"", "C", "C.UTF-8", "POSIX", "../../etc", "de_"})
      EXPECT_EQ(language_of_locale(none), "") << none;
}

TEST(Language, the_nearest_that_the_manifest_has_is_taken_else_its_own) {
   const Manifest manifest = in({"de", "pt-BR", "zh-Hans", "zh-Hant"});
   const struct {
      Languages wanted;
      std::string best;
   } cases[] = {{{}, "en"},        {{"fr"}, "en"},          {{"de-AT"}, "de"},       {{"DE"}, "de"},
                {{"pt"}, "pt-BR"}, {{"fr", "de"}, "de"},    {{"en-GB", "de"}, "en"}, {{"zh-Hant-TW"}, "zh-Hant"},
                {{"deu"}, "en"},   {{"zh-Hans"}, "zh-Hans"}};
   for (const auto& each : cases) EXPECT_EQ(best_language(manifest, each.wanted), each.best) << joined(each.wanted);
}

TEST(Language, each_text_that_is_not_translated_stays_and_is_named) {
   Manifest manifest = in({});
   manifest.prerequisites = {"Make a user."};
   Field& key = manifest.fields.emplace_back();
   key.id = "key";
   key.label = "Key";
   key.help = "Under Settings.";
   Permission& read = manifest.permissions.emplace_back();
   read.id = "words.read";
   read.entity = "Words";
   read.own_remedy = read.remedy = "Allow it.";
   manifest.texts["de"] = {{"fields.key.label", "Schlüssel"}, {"permissions.words.read.remedy", "Erlauben."}};
   const Manifest german = in_language(manifest, {"de"});
   EXPECT_EQ(german.language, "de");
   EXPECT_EQ(german.fields[0].label, "Schlüssel");
   EXPECT_EQ(german.fields[0].help, "Under Settings.");
   EXPECT_EQ(german.permissions[0].remedy, "Erlauben.");
   EXPECT_EQ(german.permissions[0].entity, "Words");
   EXPECT_EQ(in_language(manifest, {"fr"}).fields[0].label, "Key");
   EXPECT_EQ(joined(untranslated(manifest, "de")), "prerequisites.0 fields.key.help");
}

TEST(Language, the_direction_is_the_script_s) {
   for (const char* one : {"ar", "ar-EG", "he", "fa", "ur", "az-Arab", "uz-Arab-AF"})
      EXPECT_TRUE(is_right_to_left(one)) << one;
   for (const char* one : {"en", "de", "ur-Latn", "zh-Hant", "", "a"}) EXPECT_FALSE(is_right_to_left(one)) << one;
}

}  // namespace
}  // namespace msp::host
