// vault.hpp - seals and opens the secrets of a store's integrations. The secrets are sealed by a data key that lies in
// the store, itself sealed by the key-encryption key that does not.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "msp/host/result.hpp"
#include "store/clock.hpp"
#include "store/records.hpp"
#include "store/store.hpp"
#include "vault/key_source.hpp"
#include "vault/vault_keys.hpp"
#include "vault/vault_rotation.hpp"

namespace msp::console {

// No key is read before a secret is sealed or opened. [any-thread]
class Vault {
 public:
   Vault(Store& store, KeySource keys, Clock clock);

   // Makes the keys at first use; says what keeps secrets from being sealed. With sealed secrets in the store and no
   // key that opens them it is a problem (host.secret_unreadable): a new key would hide that the old one is missing.
   host::Result<void> prepare();

   // For what this change saves: while it lasts, nobody else can rotate the key away.
   host::Result<Sealer> sealer(Store::Change& change);

   // The secret of record.secrets. The problem (host.secret_unreadable) says that the key is missing, or that the
   // secret or a setting saved with it was changed outside the console.
   host::Result<host::SecretBytes> open(const IntegrationRecord& record, const std::string& field);

   // Whether the keys are there that these secrets were sealed with, by their fingerprints: no key and no secret is
   // opened. The problem is that of open().
   host::Result<void> has_keys(const IntegrationRecord& record) const;

   // Whether the seal of an approval holds. The problem (host.secret_unreadable) says that its key is missing.
   host::Result<bool> proves(const ApprovalRecord& record);

   // Not during a Store::Change.
   host::Result<Rotation> rotate() { return rotate_secrets(store_, source_, clock_()); }
   [[nodiscard]] SecretsStatus status() const { return secrets_status(store_, source_); }

 private:
   host::Result<DataKeys> data_keys();
   host::Result<std::shared_ptr<const DataKey>> data_key(std::int64_t id);

   Store& store_;
   KeySource source_;
   Clock clock_;
   std::mutex mutex_;  // never held while the store is asked, whose lock a change holds
   DataKeys known_;
};

}  // namespace msp::console
