// vault_keys.hpp - the data keys of a store, opened, and the secrets that they seal.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/records.hpp"
#include "store/store.hpp"
#include "vault/key_source.hpp"

namespace msp::console {

struct DataKey {
   host::SecretBytes bytes;
   // Made by a console that knew the first format only; no other key opens a secret of that format, so that nobody can
   // put an old one back once the keys were rotated.
   bool opens_first_format = false;
};

struct DataKeys {
   std::vector<DataKeyRecord> records;
   std::map<std::int64_t, std::shared_ptr<const DataKey>> opened;  // those of the records that could be

   // The newest one that opens, or null.
   [[nodiscard]] std::pair<std::int64_t, std::shared_ptr<const DataKey>> newest() const;
   [[nodiscard]] std::shared_ptr<const DataKey> find(std::int64_t id) const;
   [[nodiscard]] bool all_opened() const noexcept { return opened.size() == records.size(); }
};

DataKeys open_data_keys(std::string_view store, std::vector<DataKeyRecord> records,
                        const std::vector<KeyEncryptionKey>& keys);

// Keys and records that belong together, also while another process rotates them.
host::Result<DataKeys> read_data_keys(const Store& store, const KeySource& source);

DataKeyRecord seal_data_key(std::string_view store, const host::SecretBytes& data_key, const KeyEncryptionKey& by);

// Nothing when it was damaged, moved, or saved with other settings than the record's.
std::optional<host::SecretBytes> unseal_secret(std::string_view store, const IntegrationRecord& record,
                                               std::string_view field, const SealedSecret& sealed, const DataKey& key);

// Whether the administrator decided so: nothing of the approval was changed since it was sealed.
bool proves(std::string_view store, const ApprovalRecord& record, const DataKey& key);

// Seals with one data key. Cheap to copy.
class Sealer {
 public:
   Sealer(std::string store, std::int64_t key_id, std::shared_ptr<const DataKey> key)
       : store_(std::move(store)), key_id_(key_id), key_(std::move(key)) {}

   // For a field of a record whose id, platform and plain settings are those that will be saved.
   [[nodiscard]] SealedSecret seal(const IntegrationRecord& record, std::string_view field,
                                   const host::SecretBytes& secret) const;
   [[nodiscard]] ApprovalRecord seal(host::Approval approval) const;

 private:
   std::string store_;
   std::int64_t key_id_;
   std::shared_ptr<const DataKey> key_;
};

}  // namespace msp::console
