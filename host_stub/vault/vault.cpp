#include "vault/vault.hpp"

#include <algorithm>

#include "vault/sealing.hpp"

namespace msp::console {
namespace {

constexpr const char* kKeyMissing = "The key that opens this integration's saved secrets is missing or is another one.";

}  // namespace

Vault::Vault(Store& store, KeySource keys, Clock clock)
    : store_(store), source_(std::move(keys)), clock_(std::move(clock)) {}

// Those of the store as it is now.
host::Result<DataKeys> Vault::data_keys() {
   {
      const std::vector<DataKeyRecord> records = store_.data_keys();
      const std::lock_guard lock(mutex_);
      // One that does not open may do so by now: its key was put back.
      if (known_.records == records && known_.all_opened()) return known_;
   }
   auto read = read_data_keys(store_, source_);
   if (!read) return read.finding();
   const std::lock_guard lock(mutex_);
   known_ = read.value();
   return read;
}

// Null when it is not in the store any more, or does not open.
host::Result<std::shared_ptr<const DataKey>> Vault::data_key(std::int64_t id) {
   {
      const std::lock_guard lock(mutex_);
      if (auto key = known_.find(id)) return key;
   }
   auto keys = data_keys();
   if (!keys) return keys.finding();
   return keys.value().find(id);
}

host::Result<void> Vault::prepare() {
   auto keys = data_keys();
   if (!keys) return keys.finding();
   if (!keys.value().opened.empty()) return {};
   Store::Change change(store_);
   auto made = sealer(change);
   if (!made) return made.finding();
   change.commit();
   return {};
}

host::Result<Sealer> Vault::sealer(Store::Change& change) {
   auto keys = data_keys();
   if (!keys) return keys.finding();
   if (auto [id, key] = keys.value().newest(); key) return Sealer(store_.id(), id, std::move(key));
   if (change.has_secrets()) {
      return source_.missing_key("The key that opens the saved secrets is missing, so no secret can be saved either.");
   }
   auto key_encryption = source_.present_or_new();
   if (!key_encryption) return key_encryption.finding();
   change.remove_unused_data_keys();  // of a key that is gone; nothing is sealed by them
   auto key = std::make_shared<const DataKey>(DataKey{new_key(), false});
   // Not among those that are known: the change may never be committed.
   const std::int64_t id =
       change.add_data_key(seal_data_key(store_.id(), key->bytes, key_encryption.value()), clock_());
   return Sealer(store_.id(), id, std::move(key));
}

host::Result<host::SecretBytes> Vault::open(const IntegrationRecord& record, const std::string& field) {
   const SealedSecret* sealed = &record.secrets.at(field);
   const IntegrationRecord& saved = record.as_saved ? *record.as_saved : record;
   const std::string name = sealed->sealed_as.empty() ? field : sealed->sealed_as;
   auto key = data_key(sealed->data_key);
   std::optional<IntegrationRecord> now;
   if (key && !key.value()) {
      // A rotation may have sealed it again since the record was read.
      now = store_.integration(record.id);
      if (now && now->secrets.contains(name) && now->secrets.at(name).data_key != sealed->data_key) {
         sealed = &now->secrets.at(name);
         key = data_key(sealed->data_key);
      }
   }
   if (!key) return key.finding();
   if (!key.value()) {
      return source_.missing_key(kKeyMissing);
   }
   auto secret = unseal_secret(store_.id(), saved, name, *sealed, *key.value());
   if (!secret) {
      return host::Finding{
          "host.secret_unreadable",
          "The saved secret \"" + field +
              "\" does not open: it, or a setting that it was saved with, was changed outside the console.",
          "Look whether the integration's other settings are right, above all its address, then enter the secret again "
          "by editing the integration."};
   }
   return std::move(*secret);
}

host::Result<void> Vault::has_keys(const IntegrationRecord& record) const {
   if (record.secrets.empty()) return {};
   auto keys = source_.keys();
   if (!keys) return keys.finding();
   const std::vector<DataKeyRecord> records = store_.data_keys();
   // Read last: a rotation may have sealed the secrets again since the record was read.
   const auto now = store_.integration(record.id);
   for (const auto& [field, sealed] : now ? now->secrets : record.secrets) {
      const auto data_key = std::ranges::find(records, sealed.data_key, &DataKeyRecord::id);
      const bool there = data_key != records.end() && std::ranges::any_of(keys.value(), [&](const auto& key) {
                            return key.fingerprint == data_key->sealed_by;
                         });
      if (!there) return source_.missing_key(kKeyMissing);
   }
   return {};
}

host::Result<bool> Vault::proves(const ApprovalRecord& record) {
   if (record.sealed.empty()) return false;
   auto key = data_key(record.data_key);
   if (!key) return key.finding();
   if (!key.value()) return source_.missing_key("The key that proves which plugins were enabled is missing.");
   return console::proves(store_.id(), record, *key.value());
}

}  // namespace msp::console
