// json_object.hpp - one object of a manifest: every type checked, every complaint with its place.
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace msp::host {

// Ends the reading of a manifest: what() is "<place>: <what is wrong, and what is allowed>".
struct ManifestError : std::runtime_error {
   ManifestError(const std::string& place, const std::string& text) : std::runtime_error(place + ": " + text) {}
};

// The plugin is sound but needs something that this console does not have; what() is the whole sentence.
struct IncompatibleError : std::runtime_error {
   using std::runtime_error::runtime_error;
};

// Lives shorter than the document that it looks into. Every function throws ManifestError.
class JsonObject {
 public:
   // `place` is empty for the document itself. Refuses what is no object and a key that stands twice.
   JsonObject(const rapidjson::Value& value, std::string place);

   [[nodiscard]] std::string place(std::string_view key) const;
   [[noreturn]] void refuse(std::string_view key, const std::string& text) const;

   [[nodiscard]] bool has(std::string_view key);
   const rapidjson::Value& required(std::string_view key);
   const rapidjson::Value* optional(std::string_view key);

   // Required ones must be there and must not be blank; of optional ones an absent key is an empty text.
   std::string required_line(std::string_view key);
   std::string optional_line(std::string_view key);
   std::string required_text(std::string_view key);  // may have several lines
   std::string optional_text(std::string_view key);
   std::string optional_https_url(std::string_view key);
   bool optional_boolean(std::string_view key, bool absent);
   std::int64_t required_integer(std::string_view key, std::int64_t lowest, std::int64_t highest);
   std::optional<std::int64_t> optional_integer(std::string_view key);

   // An absent array is an empty one.
   struct Element {
      const rapidjson::Value& value;
      std::string place;
   };
   std::vector<Element> optional_array(std::string_view key, std::size_t max_size);
   std::vector<Element> required_array(std::string_view key, std::size_t max_size);

   // Of an object whose keys are names: all of them.
   [[nodiscard]] std::vector<std::string> keys() const;

   // The places of keys that nothing has asked for.
   void append_unknown_keys(std::vector<std::string>& places) const;

 private:
   const rapidjson::Value& value_;
   std::string place_;
   std::vector<std::string> known_;
};

// The text of a string value: one line, or several; free of control characters.
std::string line_of(const rapidjson::Value& value, const std::string& place);

}  // namespace msp::host
