// vault_rotation.hpp - new keys for everything that is sealed, and how the keys and secrets are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "msp/host/result.hpp"
#include "store/store.hpp"
#include "vault/key_source.hpp"

namespace msp::console {

struct Rotation {
   bool new_key_encryption_key = false;  // otherwise it is a credential, which only the administrator can replace
   std::size_t resealed = 0;
};

// A new data key and, where it lies in a file, a new key-encryption key; every secret that opens is sealed with them.
// Others are left as they are. Whatever stops it, everything that opened before still opens, and rotating again
// finishes it: the next key's file is written, then one transaction goes over to it, then it takes the key file's
// place. That it can do so is proven first: where the key file cannot be replaced, nothing is changed.
host::Result<Rotation> rotate_secrets(Store& store, const KeySource& source, std::int64_t now);

// Its steps: up to the transaction, and what follows.
host::Result<Rotation> go_over_to_next_key(Store& store, const KeySource& source, std::int64_t now);
host::Result<void> adopt_next_key(Store& store, const KeySource& source);

struct SecretsStatus {
   struct Key {
      KeyEncryptionKey::From from;
      std::filesystem::path path;
      std::string fingerprint;
   };
   std::optional<Key> key;                // that seals the newest data key, else the one that would
   std::optional<host::Finding> problem;  // why no key could be read
   std::size_t data_keys = 0;
   std::size_t secrets = 0;
   std::size_t unreadable = 0;
   std::size_t first_format = 0;  // not bound to the other settings until they are sealed again
   bool rotation_interrupted = false;
   std::optional<std::filesystem::path> unneeded_key_file;  // a credential took its place
};

SecretsStatus secrets_status(Store& store, const KeySource& source);

}  // namespace msp::console
