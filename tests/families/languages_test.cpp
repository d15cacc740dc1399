// A plugin's form, rights and sentences in the language of whoever reads them.
#include <gmock/gmock.h>

#include "family.hpp"

namespace msp::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kKey = "key-1234567890";

class ExampleLexicon {
 public:
   std::string may = "words";
   Platform platform{{"lexicon.example.com"}, [this](const sim::Request& request) {
                        if (request.header("X-Api-Key") != kKey) return sim::Reply::json("{}", 401);
                        return sim::Reply::json(R"({"account":"l-1","may":")" + may + "\"}");
                     }};
};

host::CheckReport check_in(const Family& plugin, const std::string& language, const std::string& key) {
   host::CheckOptions options;
   options.languages = {language};
   return plugin.check({}, {{"api_key", key}}, options);
}

TEST(PluginLanguages, the_plugin_s_own_sentences_are_in_the_reader_s_language) {
   ExampleLexicon lexicon;
   const Family plugin("languages", lexicon.platform);
   const struct {
      std::string wanted;
      std::string says;
   } cases[] = {{"de-AT", "nimmt diesen Schlüssel nicht an"}, {"fr", "does not accept"}, {"", "does not accept"}};
   for (const auto& each : cases) {
      const auto report = check_in(plugin, each.wanted, "wrong-key-1234");
      EXPECT_THAT(first_error(report).summary, HasSubstr(each.says)) << each.wanted;
   }
}

TEST(PluginLanguages, what_the_host_says_of_a_right_has_the_texts_of_that_language_and_the_platform_s_name_for_it) {
   ExampleLexicon lexicon;
   lexicon.may = "nothing";
   const auto report = check_in(Family("languages", lexicon.platform), "de", kKey);
   EXPECT_THAT(first_error(report).summary, AllOf(HasSubstr("Read Words"), HasSubstr("das Anzeigen von Wörtern")));
   EXPECT_EQ(first_error(report).remedy, "Öffnen Sie Einstellungen, Rollen. Erlauben Sie der Rolle, Wörter zu lesen.");
}

TEST(PluginLanguages, on_the_command_line_the_locale_or_an_option_decides_and_ids_stay) {
   ExampleLexicon lexicon;
   FamilyConsole console("languages", lexicon.platform);
   const auto sheet = [&](std::vector<std::string> more) {
      more.insert(more.begin(), {"platform", "requirements", "languages"});
      return console.run(std::move(more)).out;
   };
   EXPECT_THAT(sheet({}), AllOf(HasSubstr("API key"), Not(HasSubstr("API-Schl"))));
   EXPECT_THAT(sheet({"--lang", "de"}), AllOf(HasSubstr("API-Schlüssel"), HasSubstr("Settings, API, Show key.")))
       << "what is not translated is told in the plugin's own language";
   const auto shown = console.run({"plugin", "show", "languages", "--lang", "ar", "--json"}).out;
   EXPECT_THAT(shown, AllOf(HasSubstr("\"language\": \"ar\""), HasSubstr("\"direction\": \"rtl\""),
                            HasSubstr("\"value\": \"small\""), HasSubstr("مفتاح API")));

   auto by_locale = console.setup(
       {"integration", "add", "--platform", "languages", "--no-input", "--json", "--secret", "api_key=@env:KEY"});
   by_locale.environment["KEY"] = "wrong-key-1234";
   by_locale.environment["LC_ALL"] = "de_DE.UTF-8";
   EXPECT_THAT(test_support::run(by_locale).out, HasSubstr("nimmt diesen Schlüssel nicht an"));
   by_locale.environment["LC_ALL"] = "C";
   EXPECT_THAT(test_support::run(by_locale).out, HasSubstr("does not accept"));
   EXPECT_EQ(console.run({"plugin", "list", "--lang", "no language"}).exit_code, 2);
}

}  // namespace
}  // namespace msp::test
