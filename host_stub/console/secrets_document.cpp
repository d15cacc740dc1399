#include "secrets_document.hpp"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "msp/host/text.hpp"

namespace msp::console {
namespace {

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void text(Writer& writer, const char* key, std::string_view value) {
   writer.Key(key);
   writer.String(host::clean_text(value, 65'536));
}

void count(Writer& writer, const char* key, std::size_t value) {
   writer.Key(key);
   writer.Uint64(value);
}

void flag(Writer& writer, const char* key, bool value) {
   writer.Key(key);
   writer.Bool(value);
}

// An object with what `fill` writes, or null.
template <class Value, class Fill>
void object_or_null(Writer& writer, const char* key, const std::optional<Value>& value, Fill fill) {
   writer.Key(key);
   if (!value) return static_cast<void>(writer.Null());
   writer.StartObject();
   fill(*value);
   writer.EndObject();
}

}  // namespace

std::string_view name(KeyEncryptionKey::From from) noexcept {
   return from == KeyEncryptionKey::From::credential ? "credential" : "file";
}

std::string secrets_document(const SecretsStatus& status, const std::optional<Rotation>& rotation) {
   rapidjson::StringBuffer buffer;
   Writer writer(buffer);
   writer.SetIndent(' ', 2);
   writer.StartObject();
   if (rotation) {
      object_or_null(writer, "rotation", rotation, [&](const Rotation& done) {
         flag(writer, "new_key_encryption_key", done.new_key_encryption_key);
         count(writer, "resealed", done.resealed);
      });
   }
   object_or_null(writer, "key", status.key, [&](const SecretsStatus::Key& key) {
      text(writer, "source", name(key.from));
      text(writer, "path", key.path.string());
      text(writer, "fingerprint", key.fingerprint);
   });
   count(writer, "data_keys", status.data_keys);
   count(writer, "secrets", status.secrets);
   count(writer, "unreadable", status.unreadable);
   count(writer, "earlier_format", status.first_format);
   flag(writer, "rotation_interrupted", status.rotation_interrupted);
   writer.Key("unneeded_key_file");
   if (status.unneeded_key_file) {
      writer.String(host::clean_text(status.unneeded_key_file->string(), 65'536));
   } else {
      writer.Null();
   }
   object_or_null(writer, "problem", status.problem, [&](const host::Problem& problem) {
      text(writer, "code", problem.code);
      text(writer, "summary", problem.summary);
      text(writer, "remedy", problem.remedy);
   });
   writer.EndObject();
   return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace msp::console
