#include "words/secrets_document.hpp"

#include "words/json_members.hpp"

namespace msp::console {
std::string_view name(KeyEncryptionKey::From from) noexcept {
   return from == KeyEncryptionKey::From::credential ? "credential" : "file";
}

std::string secrets_document(const SecretsStatus& status, const std::optional<Rotation>& rotation) {
   return document([&](DocumentWriter& writer) {
      if (rotation) {
         object(writer, "rotation", [&] {
            flag(writer, "new_key_encryption_key", rotation->new_key_encryption_key);
            number(writer, "resealed", rotation->resealed);
         });
      }
      object_or_null(writer, "key", status.key, [&](const SecretsStatus::Key& key) {
         text(writer, "source", name(key.from));
         text(writer, "path", key.path.string());
         text(writer, "fingerprint", key.fingerprint);
      });
      number(writer, "data_keys", status.data_keys);
      number(writer, "secrets", status.secrets);
      number(writer, "unreadable", status.unreadable);
      number(writer, "earlier_format", status.first_format);
      flag(writer, "rotation_interrupted", status.rotation_interrupted);
      text_or_null(writer, "unneeded_key_file", status.unneeded_key_file ? status.unneeded_key_file->string() : "");
      object_or_null(writer, "problem", status.problem, [&](const host::Finding& problem) {
         text(writer, "code", problem.code);
         text(writer, "summary", problem.summary);
         text(writer, "remedy", problem.remedy);
      });
   });
}

}  // namespace msp::console
