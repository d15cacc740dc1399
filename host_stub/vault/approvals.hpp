// approvals.hpp - which plugins the administrator enabled, and whether that may be believed: who can write the database
// alone must not approve anything.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "store/clock.hpp"
#include "store/store.hpp"
#include "vault/vault.hpp"

namespace msp::console {

struct KnownApproval {
   host::Approval approval;
   // Why it does not count: it was changed outside the console (plugin.modified), or the key that proves it is missing
   // (host.secret_unreadable).
   std::optional<host::Finding> doubt;
};

// Approvals are sealed with the data key. Those of earlier consoles, which did not seal them, are sealed once: a file
// in the data directory, beside the key and outside the database, says that this is done. [any-thread]
class Approvals {
 public:
   Approvals(Store& store, Vault& vault, const std::filesystem::path& data_dir, Clock clock);

   // A plugin that is disabled needs no proof.
   [[nodiscard]] std::vector<KnownApproval> list();
   [[nodiscard]] std::optional<KnownApproval> find(std::string_view plugin_id);

   // Disabling works without a key, too. The problem says why nothing can be sealed.
   host::Result<void> set(const host::Approval& approval);

 private:
   bool all_sealed();

   Store& store_;
   Vault& vault_;
   std::filesystem::path done_;
   Clock clock_;
   std::atomic<bool> known_done_{false};
};

}  // namespace msp::console
