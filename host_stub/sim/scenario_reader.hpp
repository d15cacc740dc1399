// scenario_reader.hpp - scenarios out of JSON.
#pragma once

#include <rapidjson/document.h>

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace msp::sim {

// One sentence with the place: `users[1].zone: must be a text.`
struct ScenarioError : std::runtime_error {
   using std::runtime_error::runtime_error;
};

// Parses the text; throws ScenarioError with line and column if it is not one JSON object.
rapidjson::Document parse_scenario(const std::string& text);

// Reads one object of a scenario. Each function sets its target if the key is present and leaves it alone otherwise;
// a key that nothing asked for is refused by finish(), because a misspelt one would silently simulate something else.
class ScenarioReader {
 public:
   explicit ScenarioReader(const rapidjson::Value& object, std::string place = "");

   void text(const char* key, std::string& target);
   void texts(const char* key, std::vector<std::string>& target);
   void boolean(const char* key, bool& target);

   // The members of the object of that key, each a text, in their order.
   void pairs(const char* key, std::vector<std::pair<std::string, std::string>>& target);

   // Whatever JSON stands there, as text without blanks.
   void json(const char* key, std::string& target);

   template <typename Number>
   void count(const char* key, Number& target) {
      target = static_cast<Number>(read_count(key, static_cast<unsigned>(target)));
   }

   // A text that is one of the words.
   template <typename Meaning>
   void choice(const char* key, Meaning& target, std::initializer_list<std::pair<const char*, Meaning>> words) {
      std::string word;
      text(key, word);
      if (!has(key)) return;
      std::string known;
      for (const auto& [each, meaning] : words) {
         if (word == each) {
            target = meaning;
            return;
         }
         known += (known.empty() ? "" : ", ") + std::string(each);
      }
      fail(key, "is \"" + word + "\", and must be one of: " + known + ".");
   }

   // Calls read(ScenarioReader&) with the object of that key.
   template <typename Read>
   void object(const char* key, Read read) {
      if (const rapidjson::Value* value = find(key)) nested(*value, place_of(key), read);
   }

   // Calls read(ScenarioReader&) with each object of the list of that key.
   template <typename Read>
   void list(const char* key, Read read) {
      const rapidjson::Value* value = find(key);
      if (value == nullptr) return;
      if (!value->IsArray()) fail(key, "must be a list.");
      for (rapidjson::SizeType i = 0; i < value->Size(); ++i)
         nested((*value)[i], place_of(key) + '[' + std::to_string(i) + ']', read);
   }

   bool has(const char* key) const { return object_.FindMember(key) != object_.MemberEnd(); }

   // The names of the object's members, for objects whose keys are data.
   std::vector<std::string> keys() const;

   // Throws ScenarioError if there is a key that nothing asked for.
   void finish() const;

   [[noreturn]] void fail(const char* key, const std::string& what) const;

 private:
   template <typename Read>
   static void nested(const rapidjson::Value& value, std::string place, Read read) {
      ScenarioReader reader(value, std::move(place));
      read(reader);
      reader.finish();
   }

   const rapidjson::Value* find(const char* key);
   unsigned read_count(const char* key, unsigned fallback);
   std::string place_of(std::string_view key) const;

   const rapidjson::Value& object_;
   std::string place_;
   std::vector<std::string> asked_;
};

}  // namespace msp::sim
