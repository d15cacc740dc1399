#include "msp/host/json_writer.hpp"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <variant>

#include "msp/host/text.hpp"

namespace msp::host {
namespace {

using Compact = rapidjson::Writer<rapidjson::StringBuffer>;
using Pretty = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

constexpr std::size_t kLongestText = 65'536;

rapidjson::SizeType size_of(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

std::string_view without_line_end(std::string_view json) { return json.substr(0, json.find_last_not_of('\n') + 1); }

}  // namespace

struct JsonWriter::Impl {
   explicit Impl(JsonLayout wanted) : layout(wanted) {
      if (layout == JsonLayout::compact) {
         writer.emplace<Compact>(buffer);
      } else {
         writer.emplace<Pretty>(buffer).SetIndent(' ', layout == JsonLayout::indented ? 2 : 0);
      }
   }

   template <class Write>
   void with(Write write) {
      std::visit(
          [&](auto& chosen) {
             if constexpr (!std::is_same_v<decltype(chosen), std::monostate&>) write(chosen);
          },
          writer);
   }

   JsonLayout layout;
   rapidjson::StringBuffer buffer;
   std::variant<std::monostate, Compact, Pretty> writer;
};

JsonWriter::JsonWriter(JsonLayout layout) : impl_(std::make_unique<Impl>(layout)) { open_object(); }
JsonWriter::~JsonWriter() = default;

void JsonWriter::text(std::string_view key, std::string_view value) {
   write_key(key);
   write_text(value);
}

void JsonWriter::exact_text(std::string_view key, std::string_view value) {
   write_key(key);
   impl_->with([&](auto& writer) { writer.String(value.data(), size_of(value)); });
}

void JsonWriter::integer(std::string_view key, std::int64_t value) {
   write_key(key);
   impl_->with([&](auto& writer) { writer.Int64(value); });
}

void JsonWriter::flag(std::string_view key, bool value) {
   write_key(key);
   impl_->with([&](auto& writer) { writer.Bool(value); });
}

void JsonWriter::null(std::string_view key) {
   write_key(key);
   impl_->with([](auto& writer) { writer.Null(); });
}

void JsonWriter::document(std::string_view key, std::string_view json) {
   write_key(key);
   const std::string_view whole = without_line_end(json);
   impl_->with([&](auto& writer) { writer.RawValue(whole.data(), whole.size(), rapidjson::kObjectType); });
}

std::string JsonWriter::finish() {
   close_object();
   std::string json = escape_unseen({impl_->buffer.GetString(), impl_->buffer.GetSize()});
   if (impl_->layout == JsonLayout::one_line) std::erase(json, '\n');  // a newline within a text is an escape
   return json + '\n';
}

void JsonWriter::write_key(std::string_view key) {
   impl_->with([&](auto& writer) { writer.Key(key.data(), size_of(key)); });
}

void JsonWriter::write_text(std::string_view value) {
   const std::string clean = clean_text(value, kLongestText);
   impl_->with([&](auto& writer) { writer.String(clean.data(), size_of(clean)); });
}

void JsonWriter::open_object() {
   impl_->with([](auto& writer) { writer.StartObject(); });
}
void JsonWriter::close_object() {
   impl_->with([](auto& writer) { writer.EndObject(); });
}
void JsonWriter::open_array() {
   impl_->with([](auto& writer) { writer.StartArray(); });
}
void JsonWriter::close_array() {
   impl_->with([](auto& writer) { writer.EndArray(); });
}

std::string JsonListStream::next(std::string_view document) {
   const std::string before = empty_ ? begin_ + "\n" : ",\n";
   empty_ = false;
   return before + std::string(without_line_end(document));
}

std::string JsonListStream::end() const { return empty_ ? begin_ + "]}\n" : "\n]}\n"; }

}  // namespace msp::host
