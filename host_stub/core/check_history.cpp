#include "core/check_history.hpp"

#include <utility>

#include "store/finding_error.hpp"

namespace msp::console {

Credentials credentials_after(const host::CheckReport& report) noexcept {
   if (report.outcome == host::Outcome::accepted) return Credentials::accepted;
   if (report.outcome != host::Outcome::refused) return Credentials::unknown;
   if (host::has_error(report, "auth.unclear")) return Credentials::unclear;
   return host::refuses_credentials(report) ? Credentials::refused : Credentials::accepted;
}

void CheckHistory::add(std::int64_t integration, std::int64_t revision, const host::CheckReport& report,
                       CheckRecord record) {
   if (report.outcome == host::Outcome::cancelled) return;
   const Credentials credentials = credentials_after(report);
   const std::lock_guard lock(mutex_);
   entries_.push_back({integration, revision, credentials, std::move(record)});
   const bool is_refusal = credentials == Credentials::refused || credentials == Credentials::unclear;
   if (entries_.size() >= checks_per_commit_ || is_refusal) commit();
}

host::Result<void> CheckHistory::finish() {
   const std::lock_guard lock(mutex_);
   if (!entries_.empty()) commit();
   return kept_;
}

bool CheckHistory::left_out() const {
   const std::lock_guard lock(mutex_);
   return left_out_;
}

// REQUIRES: mutex_ is held.
void CheckHistory::commit() {
   const std::vector<Entry> entries = std::exchange(entries_, {});
   try {
      Store::Change change(store_);
      for (const Entry& entry : entries) {
         if (!change.is_at(entry.integration, entry.revision)) {
            left_out_ = true;
            continue;
         }
         change.add_check(entry.integration, entry.record);
         if (entry.credentials == Credentials::accepted) change.set_not_refused(entry.integration, entry.revision);
         if (entry.credentials == Credentials::refused) {
            change.set_refused(entry.integration, entry.revision, entry.record.at);
         }
         if (entry.credentials == Credentials::unclear) {
            change.set_unclear(entry.integration, entry.revision, entry.record.at);
         }
      }
      change.commit();
   } catch (const FindingError& error) {
      if (kept_) kept_ = error.finding();
   }
}

}  // namespace msp::console
