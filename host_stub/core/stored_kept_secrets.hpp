// stored_kept_secrets.hpp - what plugins keep with an integration: sealed in the store, one turn at a time.
#pragma once

#include <string>

#include "msp/host/kept_secrets.hpp"
#include "msp/host/manifest.hpp"
#include "store/clock.hpp"
#include "store/store.hpp"
#include "vault/vault.hpp"

namespace msp::console {

// Those of one integration, for as long as it is about the account that it was about in `saved`: what is kept for one
// account is neither read for another nor put in the place of what that one keeps. Shared by every process that works
// on the data directory. REQUIRES: store and vault outlive it, and it outlives its turns. [any-thread]
class StoredKeptSecrets : public host::KeptSecrets {
 public:
   StoredKeptSecrets(Store& store, Vault& vault, console::Clock clock, IntegrationRecord saved,
                     const host::Manifest& manifest);

   host::Result<std::unique_ptr<Turn>> take_turn(host::KeptSecrets::Clock::time_point deadline,
                                                 const std::stop_token& cancel) override;

   // Without a turn: for a change of the store that nobody can come before.
   [[nodiscard]] host::Result<Values> read() const;

 private:
   class StoredTurn;
   [[nodiscard]] host::Result<IntegrationRecord> integration() const;
   host::Result<void> keep(const std::string& field, const host::SecretBytes& value) const;

   Store& store_;
   Vault& vault_;
   const console::Clock clock_;
   const IntegrationRecord before_;
   const host::Manifest manifest_;
   host::Manifest form_;  // the fields that the plugin keeps, and no more
};

}  // namespace msp::console
