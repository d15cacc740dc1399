// sealed_store.hpp - a store with a vault, and integrations in it as the console saves them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "store/store.hpp"
#include "vault/vault.hpp"

namespace msp::console::test {

class SealedStore {
 public:
   explicit SealedStore(const std::filesystem::path& data_dir, const std::filesystem::path& credentials = {});

   Store store;
   KeySource keys;
   Vault vault;

   // An integration of this name with an address, two secrets that begin with `secret`, and the check after which it
   // was saved; returns its id. Throws FindingError.
   std::int64_t add(const std::string& name, const std::string& secret);
   // Another address and other secrets, and the check.
   void edit(std::int64_t id, const std::string& secret);
   void remove(std::int64_t id);

   // What its "password" is, or the code and summary of why it does not open.
   std::string open(std::int64_t id, const std::string& field = "password");

   // Nothing when every integration is as one add or edit left it: its settings, its secrets and its history.
   std::optional<std::string> first_flaw();
   std::optional<std::string> first_flaw_while_nobody_writes();

 private:
   void save(Store::Change& change, IntegrationRecord& record, const std::string& secret);
};

}  // namespace msp::console::test
