// vault.hpp - seals and opens the secrets of a store's integrations. The secrets are sealed by a data key that lies in
// the store, itself sealed by the key-encryption key that does not.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "clock.hpp"
#include "key_source.hpp"
#include "msp/host/result.hpp"
#include "records.hpp"
#include "store.hpp"

namespace msp::console {

// Seals with one data key. Cheap to copy.
class Sealer {
 public:
   Sealer(std::string store, std::int64_t key_id, std::shared_ptr<const host::SecretBytes> key)
       : store_(std::move(store)), key_id_(key_id), key_(std::move(key)) {}

   [[nodiscard]] SealedSecret seal(std::int64_t integration, std::string_view field,
                                   const host::SecretBytes& secret) const;

 private:
   std::string store_;
   std::int64_t key_id_;
   std::shared_ptr<const host::SecretBytes> key_;
};

// No key is read before a secret is sealed or opened. Not to be used during a Store::Change, whose lock it may need;
// a sealer may. [any-thread]
class Vault {
 public:
   Vault(Store& store, KeySource keys, Clock clock);

   // Makes the keys at first use. With sealed secrets in the store and no key that opens them it is a problem
   // (host.secret_unreadable): a new key would hide that the old one is missing.
   host::Result<Sealer> sealer();

   // The problem (host.secret_unreadable) says that the key is missing, or that the secret was tampered with.
   host::Result<host::SecretBytes> open(std::int64_t integration, const std::string& field, const SealedSecret& sealed);

 private:
   std::optional<host::Problem> read_data_keys();
   std::optional<host::Problem> make_data_key();
   [[nodiscard]] host::Problem missing_key(const std::string& summary) const;

   Store& store_;
   KeySource source_;
   Clock clock_;
   std::mutex mutex_;
   std::map<std::int64_t, std::shared_ptr<const host::SecretBytes>> data_keys_;
};

}  // namespace msp::console
