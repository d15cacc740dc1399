// msp/host/json_writer.hpp - writes a JSON document: one object, whose members come in the order in which they are
// told.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace msp::host {

enum class JsonLayout {
   indented,  // for people, too
   one_line,  // as a command prints a line that a script reads
   compact,   // for the page
};

// Texts are cleaned (text.hpp), so that a document is valid UTF-8 whatever file names, platforms and earlier days left.
// One thread at a time.
class JsonWriter {
 public:
   explicit JsonWriter(JsonLayout layout = JsonLayout::indented);
   ~JsonWriter();
   JsonWriter(const JsonWriter&) = delete;
   JsonWriter& operator=(const JsonWriter&) = delete;

   void text(std::string_view key, std::string_view value);
   void exact_text(std::string_view key, std::string_view value);  // as it is. REQUIRES: valid UTF-8
   void integer(std::string_view key, std::int64_t value);
   void flag(std::string_view key, bool value);
   void null(std::string_view key);
   void document(std::string_view key, std::string_view json);  // one that was made before

   void text_or_null(std::string_view key, std::string_view value) { value.empty() ? null(key) : text(key, value); }
   template <std::integral Number>
   void number(std::string_view key, Number value) {
      integer(key, static_cast<std::int64_t>(value));
   }
   template <std::integral Number>
   void number_or_null(std::string_view key, const std::optional<Number>& value) {
      value ? number(key, *value) : null(key);
   }

   // An object, filled by `fill()`.
   template <class Fill>
   void object(std::string_view key, Fill fill) {
      write_key(key);
      open_object();
      fill();
      close_object();
   }
   // An object, filled by `fill(*value)` when there is a value.
   template <class Value, class Fill>
   void object_or_null(std::string_view key, const Value& value, Fill fill) {
      if (!value) return null(key);
      object(key, [&] { fill(*value); });
   }
   // An array with an object for each item, filled by `fill(item)`.
   template <class Items, class Fill>
   void objects(std::string_view key, const Items& items, Fill fill) {
      write_key(key);
      open_array();
      for (const auto& item : items) {
         open_object();
         fill(item);
         close_object();
      }
      close_array();
   }
   template <class Items>
   void texts(std::string_view key, const Items& items) {
      write_key(key);
      open_array();
      for (const auto& item : items) write_text(item);
      close_array();
   }

   // The document, ending in a newline. Once.
   [[nodiscard]] std::string finish();

 private:
   void write_key(std::string_view key);
   void write_text(std::string_view value);
   void open_object();
   void close_object();
   void open_array();
   void close_array();

   struct Impl;
   std::unique_ptr<Impl> impl_;
};

// A document whose members `fill(writer)` writes.
template <class Fill>
[[nodiscard]] std::string json_document(Fill fill, JsonLayout layout = JsonLayout::indented) {
   JsonWriter writer(layout);
   fill(writer);
   return writer.finish();
}

// An object with one array of documents, written as the documents come, so that they need not be held at once.
class JsonListStream {
 public:
   // REQUIRES: `schema` and `key` hold nothing that JSON escapes.
   JsonListStream(std::string_view schema, std::string_view key)
       : begin_("{\"schema\":\"" + std::string(schema) + "\",\"" + std::string(key) + "\":[") {}

   [[nodiscard]] std::string next(std::string_view document);  // what to write for one more document
   [[nodiscard]] std::string end() const;                      // what to write when there are no more

 private:
   std::string begin_;
   bool empty_ = true;
};

}  // namespace msp::host
