#include "vault/vault_rotation.hpp"

#include <algorithm>

#include "vault/sealing.hpp"
#include "vault/vault_keys.hpp"

namespace msp::console {
namespace {

using From = KeyEncryptionKey::From;

// Whether a data key is there that only this key opens.
bool is_needed(const KeyEncryptionKey& key, const DataKeys& data_keys) {
   return std::ranges::any_of(data_keys.records, [&](const DataKeyRecord& record) {
      return record.sealed_by == key.fingerprint && data_keys.find(record.id);
   });
}

bool is_same_as_next(const KeyEncryptionKey& file, const std::vector<KeyEncryptionKey>& keys) {
   return std::ranges::any_of(keys, [&](const KeyEncryptionKey& key) {
      return key.from == From::next_file && key.fingerprint == file.fingerprint;
   });
}

// Calls `visit(record, field, sealed, secret)` for every secret; `secret` is empty for one that does not open.
template <class Visit>
void for_each_secret(const Store& store, const DataKeys& keys, Visit visit) {
   for (const IntegrationRecord& record : store.integrations()) {
      for (const auto& [field, sealed] : record.secrets) {
         const auto key = keys.find(sealed.data_key);
         visit(record, field, sealed,
               key ? unseal_secret(store.id(), record, field, sealed, *key) : std::optional<host::SecretBytes>{});
      }
   }
}

}  // namespace

host::Result<Rotation> go_over_to_next_key(Store& store, const KeySource& source, std::int64_t now) {
   Store::Change change(store);
   auto old = read_data_keys(store, source);
   if (!old) return old.finding();
   if (old.value().opened.empty() && change.has_secrets()) {
      return source.missing_key(
          "The key that opens the saved secrets is missing, so they cannot be sealed with a new one.");
   }
   auto next = source.next();
   if (!next) return next.finding();

   auto data_key = std::make_shared<const DataKey>(DataKey{new_key(), false});
   const std::int64_t id = change.add_data_key(seal_data_key(store.id(), data_key->bytes, next.value()), now);
   const Sealer sealer(store.id(), id, data_key);
   Rotation rotation{next.value().from == From::next_file, 0};
   for_each_secret(store, old.value(), [&](const auto& record, const auto& field, const auto&, const auto& secret) {
      if (!secret) return;
      change.replace_secret(record.id, field, sealer.seal(record, field, *secret));
      ++rotation.resealed;
   });
   for (const ApprovalRecord& record : store.approvals()) {
      const auto key = old.value().find(record.data_key);
      if (key && proves(store.id(), record, *key)) change.replace_seal(sealer.seal(record.approval));
   }
   // What still seals a secret that did not open goes over too: what is wrong may yet be put right.
   for (const auto& [old_id, key] : old.value().opened) {
      DataKeyRecord record = seal_data_key(store.id(), key->bytes, next.value());
      record.id = old_id;
      change.replace_data_key(record);
   }
   change.remove_unused_data_keys();
   change.commit();
   return rotation;
}

host::Result<void> adopt_next_key(Store& store, const KeySource& source) {
   // Nobody else goes over to another key meanwhile.
   const Store::Change quiet(store);
   if (!source.has_next_file()) return {};
   auto keys = source.keys();
   if (!keys) return keys.finding();
   const DataKeys data_keys = open_data_keys(store.id(), store.data_keys(), keys.value());
   bool next_is_needed = data_keys.opened.empty();
   for (const KeyEncryptionKey& key : keys.value()) {
      if (!is_needed(key, data_keys)) continue;
      if (key.from == From::file && !is_same_as_next(key, keys.value())) return {};
      if (key.from == From::next_file) next_is_needed = true;
   }
   // A credential serves in its stead.
   if (!next_is_needed) return source.drop_next();
   return source.adopt_next();
}

host::Result<Rotation> rotate_secrets(Store& store, const KeySource& source, std::int64_t now) {
   // What an earlier one left, and then whether this one can be finished: before the first secret is sealed with a new
   // key.
   if (const auto credential = source.has_credential(); !credential) {
      return credential.finding();
   } else if (!credential.value()) {
      if (auto done = adopt_next_key(store, source); !done) return done.finding();
      const Store::Change quiet(store);
      if (auto done = source.prove_replaceable(); !done) return done.finding();
   }
   auto rotation = go_over_to_next_key(store, source, now);
   if (!rotation) return rotation;
   if (auto done = adopt_next_key(store, source); !done) return done.finding();
   store.empty_log();  // which holds what the former keys sealed
   return rotation;
}

SecretsStatus secrets_status(Store& store, const KeySource& source) {
   // What is read belongs together, also while another process saves or rotates.
   std::optional<Store::Change> quiet;
   if (!store.is_read_only()) quiet.emplace(store);
   SecretsStatus status;
   DataKeys data_keys;
   data_keys.records = store.data_keys();
   status.rotation_interrupted = source.has_next_file();
   if (auto keys = source.keys()) {
      data_keys = open_data_keys(store.id(), store.data_keys(), keys.value());
      for (const KeyEncryptionKey& key : keys.value()) {
         const bool needed = is_needed(key, data_keys);
         if (!status.key || needed) status.key = {key.from, key.path, key.fingerprint};
         if (key.from == From::file && !needed && !data_keys.opened.empty() && !status.rotation_interrupted) {
            status.unneeded_key_file = key.path;
         }
      }
   } else {
      status.problem = keys.finding();
   }
   status.data_keys = data_keys.records.size();
   for_each_secret(store, data_keys, [&](const auto&, const auto&, const auto& sealed, const auto& secret) {
      ++status.secrets;
      if (!secret) ++status.unreadable;
      if (secret && seal_format(sealed.sealed) == SealFormat::first) ++status.first_format;
   });
   return status;
}

}  // namespace msp::console
