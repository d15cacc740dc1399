// msp/sdk/json.hpp - reading a platform's JSON: keys in any case, values in any dress, and nothing that a hostile
// answer could break. Neither parsing nor reading ever throws for what the text holds.
#pragma once

#include <rapidjson/document.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "msp/sdk/text.hpp"

namespace msp::sdk {

// A value inside a Json document, or the absence of one: reading on from what is absent gives what is absent, so
// `answer["result"]["token"].text()` needs no checks between. A view: good as long as the document.
class JsonValue {
 public:
   JsonValue() noexcept = default;
   explicit JsonValue(const rapidjson::Value& value) noexcept : value_(&value) {}

   [[nodiscard]] bool exists() const noexcept { return value_ != nullptr; }
   [[nodiscard]] bool is_object() const noexcept { return exists() && value_->IsObject(); }
   [[nodiscard]] bool is_array() const noexcept { return exists() && value_->IsArray(); }
   [[nodiscard]] bool is_null() const noexcept { return exists() && value_->IsNull(); }

   // The member of that name: as written if there is one, else in any case.
   [[nodiscard]] JsonValue operator[](std::string_view key) const noexcept {
      JsonValue similar;
      if (!is_object()) return similar;
      for (const auto& member : value_->GetObject()) {
         const std::string_view name(member.name.GetString(), member.name.GetStringLength());
         if (name == key) return JsonValue(member.value);
         if (!similar.exists() && equal_ignoring_case(name, key)) similar = JsonValue(member.value);
      }
      return similar;
   }

   // The elements of an array; none for anything else.
   [[nodiscard]] std::vector<JsonValue> items() const {
      std::vector<JsonValue> items;
      if (is_array())
         for (const rapidjson::Value& item : value_->GetArray()) items.emplace_back(item);
      return items;
   }

   // A string's text, a number's digits as they were written (an id of 26 digits stays whole), "true" or "false".
   [[nodiscard]] std::optional<std::string_view> text() const noexcept {
      if (!exists()) return std::nullopt;
      if (value_->IsString()) return std::string_view(value_->GetString(), value_->GetStringLength());
      if (value_->IsBool()) return value_->GetBool() ? "true" : "false";
      return std::nullopt;
   }

   // A whole number, quoted or not.
   [[nodiscard]] std::optional<std::int64_t> integer() const noexcept {
      const std::string_view digits = text().value_or("");
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
      return number;
   }

   // true, "True", 1, "1" and their opposites.
   [[nodiscard]] std::optional<bool> boolean() const noexcept {
      const std::string_view word = text().value_or("");
      if (word == "1" || equal_ignoring_case(word, "true")) return true;
      if (word == "0" || equal_ignoring_case(word, "false")) return false;
      return std::nullopt;
   }

 private:
   const rapidjson::Value* value_ = nullptr;
};

// A parsed document. Movable; values keep pointing into it.
class Json {
 public:
   static constexpr std::size_t kMaxBytes = std::size_t{8} * 1024 * 1024;
   static constexpr int kMaxDepth = 64;

   // The document, or nothing for what is not one whole JSON text of at most kMaxBytes and kMaxDepth levels. A leading
   // byte order mark is passed over. REQUIRES nothing of the text.
   static std::optional<Json> parse(std::string_view text) {
      if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
      const bool has_nul = text.find('\0') != std::string_view::npos;  // the parser would take it for the end
      if (text.size() > kMaxBytes || has_nul || too_deep(text)) return std::nullopt;
      Json json;
      json.document_->Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag |
                            rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
      if (json.document_->HasParseError()) return std::nullopt;
      return json;
   }

   [[nodiscard]] JsonValue root() const noexcept { return JsonValue(*document_); }
   [[nodiscard]] JsonValue operator[](std::string_view key) const noexcept { return root()[key]; }

 private:
   Json() : document_(std::make_unique<rapidjson::Document>()) {}

   // Depth costs memory before the parser can object, so it is counted beforehand.
   static bool too_deep(std::string_view text) noexcept {
      int depth = 0;
      bool in_string = false;
      for (std::size_t i = 0; i < text.size(); ++i) {
         const char c = text[i];
         if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
         } else if (c == '"') {
            in_string = true;
         } else if (c == '[' || c == '{') {
            if (++depth > kMaxDepth) return true;
         } else if (c == ']' || c == '}') {
            --depth;
         }
      }
      return false;
   }

   std::unique_ptr<rapidjson::Document> document_;
};

}  // namespace msp::sdk
