#include "vault/vault_keys.hpp"

#include "vault/sealing.hpp"

namespace msp::console {

std::pair<std::int64_t, std::shared_ptr<const DataKey>> DataKeys::newest() const {
   if (opened.empty()) return {};
   return *opened.rbegin();
}

std::shared_ptr<const DataKey> DataKeys::find(std::int64_t id) const {
   const auto found = opened.find(id);
   return found == opened.end() ? nullptr : found->second;
}

DataKeys open_data_keys(std::string_view store, std::vector<DataKeyRecord> records,
                        const std::vector<KeyEncryptionKey>& keys) {
   DataKeys result;
   for (const DataKeyRecord& record : records) {
      for (const KeyEncryptionKey& key : keys) {
         if (key.fingerprint != record.sealed_by) continue;
         auto bytes = unseal(key.bytes, record.sealed, place_of_data_key(store, record.sealed_by));
         if (!bytes) continue;
         const bool first = seal_format(record.sealed) == SealFormat::first;
         result.opened[record.id] = std::make_shared<const DataKey>(DataKey{std::move(*bytes), first});
         break;
      }
   }
   result.records = std::move(records);
   return result;
}

host::Result<DataKeys> read_data_keys(const Store& store, const KeySource& source) {
   for (std::vector<DataKeyRecord> records = store.data_keys();;) {
      auto keys = source.keys();
      if (!keys) return keys.finding();
      // Asked again: when nothing was rotated between, the keys are those of these records.
      std::vector<DataKeyRecord> again = store.data_keys();
      if (again == records) return open_data_keys(store.id(), std::move(records), keys.value());
      records = std::move(again);
   }
}

DataKeyRecord seal_data_key(std::string_view store, const host::SecretBytes& data_key, const KeyEncryptionKey& by) {
   return {0, by.fingerprint, seal(by.bytes, data_key.view(), place_of_data_key(store, by.fingerprint))};
}

std::optional<host::SecretBytes> unseal_secret(std::string_view store, const IntegrationRecord& record,
                                               std::string_view field, const SealedSecret& sealed, const DataKey& key) {
   if (seal_format(sealed.sealed) != SealFormat::first) {
      return unseal(key.bytes, sealed.sealed, place_of_secret(store, record, field));
   }
   if (!key.opens_first_format) return {};
   return unseal(key.bytes, sealed.sealed, first_place_of_secret(store, record.id, field));
}

bool proves(std::string_view store, const ApprovalRecord& record, const DataKey& key) {
   return unseal(key.bytes, record.sealed, place_of_approval(store, record.approval)).has_value();
}

SealedSecret Sealer::seal(const IntegrationRecord& record, std::string_view field,
                          const host::SecretBytes& secret) const {
   return {console::seal(key_->bytes, secret.view(), place_of_secret(store_, record, field)), key_id_, false, 0};
}

ApprovalRecord Sealer::seal(host::Approval approval) const {
   std::string sealed = console::seal(key_->bytes, {}, place_of_approval(store_, approval));
   return {std::move(approval), std::move(sealed), key_id_};
}

}  // namespace msp::console
