#include "vault/approvals.hpp"

#include <algorithm>

#include "store/finding_error.hpp"
#include "store/private_files.hpp"

namespace msp::console {
namespace {

host::Finding changed_outside(const host::Approval& approval) {
   return {"plugin.modified",
           "The approval of the plugin \"" + approval.plugin_id +
               "\" was changed outside the console, so the plugin is not used.",
           "Look at the plugin's file and its SHA-256, and enable it again if you trust it."};
}

}  // namespace

Approvals::Approvals(Store& store, Vault& vault, const std::filesystem::path& data_dir, Clock clock)
    : store_(store), vault_(vault), done_(data_dir / "approvals.sealed"), clock_(std::move(clock)) {}

// Whether an approval without a seal is none of ours. As long as they cannot be sealed, because the disk is full or the
// key is missing, those of an earlier console count as they did.
bool Approvals::all_sealed() {
   std::error_code error;
   if (known_done_ || std::filesystem::exists(done_, error)) return known_done_ = true;
   try {
      const auto unsealed = [](const ApprovalRecord& record) { return record.sealed.empty(); };
      if (std::ranges::any_of(store_.approvals(), unsealed)) {
         Store::Change change(store_);
         if (std::filesystem::exists(done_, error)) return known_done_ = true;
         auto sealer = vault_.sealer(change);
         if (!sealer) return false;
         for (const ApprovalRecord& record : store_.approvals()) {
            if (unsealed(record)) change.replace_seal(sealer.value().seal(record.approval));
         }
         change.commit();
      }
   } catch (const FindingError&) {
      return false;
   }
   const auto created = create_private_file(done_, "The approvals in console.db are sealed.\n");
   return known_done_ = static_cast<bool>(created);
}

std::vector<KnownApproval> Approvals::list() {
   const bool sealed = all_sealed();
   std::vector<KnownApproval> known;
   for (ApprovalRecord& record : store_.approvals()) {
      std::optional<host::Finding> doubt;
      if (record.approval.enabled && (sealed || !record.sealed.empty())) {
         const auto proven = vault_.proves(record);
         if (!proven) {
            doubt = proven.finding();
         } else if (!proven.value()) {
            doubt = changed_outside(record.approval);
         }
      }
      known.push_back({std::move(record.approval), std::move(doubt)});
   }
   return known;
}

std::optional<KnownApproval> Approvals::find(std::string_view plugin_id) {
   for (KnownApproval& known : list()) {
      if (known.approval.plugin_id == plugin_id) return std::move(known);
   }
   return {};
}

host::Result<void> Approvals::set(const host::Approval& approval) {
   all_sealed();  // before there is anything to be believed
   Store::Change change(store_);
   ApprovalRecord record{approval, {}, 0};
   if (approval.enabled) {
      auto sealer = vault_.sealer(change);
      if (!sealer) return sealer.finding();
      record = sealer.value().seal(approval);
   }
   change.set_approval(record, clock_());
   change.commit();
   return {};
}

}  // namespace msp::console
