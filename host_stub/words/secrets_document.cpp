#include "words/secrets_document.hpp"

#include "msp/host/json_writer.hpp"

namespace msp::console {
std::string_view name(KeyEncryptionKey::From from) noexcept {
   return from == KeyEncryptionKey::From::credential ? "credential" : "file";
}

std::string secrets_document(const SecretsStatus& status, const std::optional<Rotation>& rotation) {
   return host::json_document([&](host::JsonWriter& writer) {
      writer.text("schema", "msp.secrets/1");
      if (rotation) {
         writer.object("rotation", [&] {
            writer.flag("new_key_encryption_key", rotation->new_key_encryption_key);
            writer.number("resealed", rotation->resealed);
         });
      }
      writer.object_or_null("key", status.key, [&](const SecretsStatus::Key& key) {
         writer.text("source", name(key.from));
         writer.text("path", key.path.string());
         writer.text("fingerprint", key.fingerprint);
      });
      writer.number("data_keys", status.data_keys);
      writer.number("secrets", status.secrets);
      writer.number("unreadable", status.unreadable);
      writer.number("earlier_format", status.first_format);
      writer.flag("rotation_interrupted", status.rotation_interrupted);
      writer.text_or_null("unneeded_key_file", status.unneeded_key_file ? status.unneeded_key_file->string() : "");
      writer.object_or_null("problem", status.problem, [&](const host::Finding& problem) {
         writer.text("code", problem.code);
         writer.text("summary", problem.summary);
         writer.text("remedy", problem.remedy);
      });
   });
}

}  // namespace msp::console
