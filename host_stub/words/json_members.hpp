// json_members.hpp - writes the members of the console's JSON documents.
#pragma once

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "msp/host/text.hpp"

namespace msp::console {

using DocumentWriter = rapidjson::PrettyWriter<rapidjson::StringBuffer>;  // for people, too
using CompactWriter = rapidjson::Writer<rapidjson::StringBuffer>;         // for the page

// One object, filled by `fill(writer)`, ending in a newline.
template <class Writer = DocumentWriter, class Fill>
std::string document(Fill fill) {
   rapidjson::StringBuffer buffer;
   Writer writer(buffer);
   if constexpr (std::is_same_v<Writer, DocumentWriter>) writer.SetIndent(' ', 2);
   writer.StartObject();
   fill(writer);
   writer.EndObject();
   return host::escape_unseen({buffer.GetString(), buffer.GetSize()}) + "\n";
}

// File names, platforms and earlier days may have left anything; a document holds only valid UTF-8.
template <class Writer>
void text(Writer& writer, const char* key, std::string_view value) {
   writer.Key(key);
   writer.String(host::clean_text(value, 65'536));
}

template <class Writer>
void null(Writer& writer, const char* key) {
   writer.Key(key);
   writer.Null();
}

template <class Writer>
void text_or_null(Writer& writer, const char* key, std::string_view value) {
   value.empty() ? null(writer, key) : text(writer, key, value);
}

template <class Writer, std::integral Number>
void number(Writer& writer, const char* key, Number value) {
   writer.Key(key);
   writer.Int64(static_cast<std::int64_t>(value));
}

template <class Writer>
void flag(Writer& writer, const char* key, bool value) {
   writer.Key(key);
   writer.Bool(value);
}

// A document that was made before.
template <class Writer>
void document(Writer& writer, const char* key, const std::string& value) {
   writer.Key(key);
   writer.RawValue(value.data(), value.find_last_not_of('\n') + 1, rapidjson::kObjectType);
}

template <class Writer, class Fill>
void object(Writer& writer, const char* key, Fill fill) {
   writer.Key(key);
   writer.StartObject();
   fill();
   writer.EndObject();
}

template <class Writer, class Value, class Fill>
void object_or_null(Writer& writer, const char* key, const Value& value, Fill fill) {
   if (!value) return null(writer, key);
   object(writer, key, [&] { fill(*value); });
}

template <class Writer, class Items, class Write>
void array(Writer& writer, const char* key, const Items& items, Write write) {
   writer.Key(key);
   writer.StartArray();
   for (const auto& item : items) write(item);
   writer.EndArray();
}

template <class Writer, class Items, class Fill>
void objects(Writer& writer, const char* key, const Items& items, Fill fill) {
   array(writer, key, items, [&](const auto& item) {
      writer.StartObject();
      fill(item);
      writer.EndObject();
   });
}

template <class Writer>
void texts(Writer& writer, const char* key, const std::vector<std::string>& items) {
   array(writer, key, items, [&](const std::string& item) { writer.String(host::clean_text(item)); });
}

}  // namespace msp::console
