#include "vault.hpp"

#include "problem_error.hpp"
#include "sealing.hpp"

namespace msp::console {

Vault::Vault(Store& store, KeySource keys, Clock clock)
    : store_(store), source_(std::move(keys)), clock_(std::move(clock)) {}

host::Problem Vault::missing_key(const std::string& summary) const {
   return {
       "host.secret_unreadable", summary,
       "Put back the key file \"" + source_.file().string() +
           "\" from a backup (or the systemd credential msp-console.kek); without it, remove the integration and add "
           "it again."};
}

// Opens every data key that one of the present key-encryption keys fits. REQUIRES: mutex_ is held.
std::optional<host::Problem> Vault::read_data_keys() {
   auto keys = source_.keys();
   if (!keys) return keys.problem();
   for (const DataKeyRecord& record : store_.data_keys()) {
      if (data_keys_.contains(record.id)) continue;
      for (const host::SecretBytes& key : keys.value()) {
         if (fingerprint(key) != record.sealed_by) continue;
         if (auto data_key = unseal(key, record.sealed, place_of_data_key(store_.id(), record.sealed_by))) {
            data_keys_[record.id] = std::make_shared<const host::SecretBytes>(std::move(*data_key));
         }
      }
   }
   return {};
}

// REQUIRES: mutex_ is held.
std::optional<host::Problem> Vault::make_data_key() {
   Store::Change change(store_);
   // Another process may have made its data key since we looked.
   if (auto problem = read_data_keys()) return problem;
   if (!data_keys_.empty()) return {};
   if (change.has_secrets()) {
      return missing_key("The key that opens the saved secrets is missing, so no secret can be saved either.");
   }
   auto keys = source_.keys();
   if (!keys) return keys.problem();
   auto key = keys.value().empty() ? source_.create() : host::Result(std::move(keys.value().front()));
   if (!key) return key.problem();
   change.remove_unused_data_keys();  // of a key that is gone; nothing is sealed by them
   auto data_key = std::make_shared<const host::SecretBytes>(new_key());
   const std::string sealed_by = fingerprint(key.value());
   const std::string place = place_of_data_key(store_.id(), sealed_by);
   const std::int64_t id = change.add_data_key({0, sealed_by, seal(key.value(), data_key->view(), place)}, clock_());
   change.commit();
   data_keys_[id] = std::move(data_key);
   return {};
}

host::Result<Sealer> Vault::sealer() {
   const std::lock_guard lock(mutex_);
   if (data_keys_.empty()) {
      if (auto problem = read_data_keys()) return *problem;
   }
   if (data_keys_.empty()) {
      if (auto problem = make_data_key()) return *problem;
   }
   const auto& [id, key] = *data_keys_.rbegin();
   return Sealer(store_.id(), id, key);
}

SealedSecret Sealer::seal(std::int64_t integration, std::string_view field, const host::SecretBytes& secret) const {
   return {console::seal(*key_, secret.view(), place_of_secret(store_, integration, field)), key_id_, false, 0};
}

host::Result<host::SecretBytes> Vault::open(std::int64_t integration, const std::string& field,
                                            const SealedSecret& sealed) {
   const std::lock_guard lock(mutex_);
   if (!data_keys_.contains(sealed.data_key)) {
      if (auto problem = read_data_keys()) return *problem;
   }
   const auto key = data_keys_.find(sealed.data_key);
   if (key == data_keys_.end()) {
      return missing_key("The key that opens this integration's saved secrets is missing or is another one.");
   }
   auto secret = unseal(*key->second, sealed.sealed, place_of_secret(store_.id(), integration, field));
   if (!secret) {
      return host::Problem{"host.secret_unreadable",
                           "The saved secret \"" + field + "\" was damaged or moved here from another place.",
                           "Enter this secret again by editing the integration."};
   }
   return std::move(*secret);
}

}  // namespace msp::console
