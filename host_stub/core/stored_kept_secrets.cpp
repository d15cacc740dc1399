#include "core/stored_kept_secrets.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <thread>

#include "core/console_report.hpp"
#include "core/renamed_fields.hpp"
#include "core/settings_merge.hpp"
#include "store/finding_error.hpp"
#include "store/turn_file.hpp"

namespace msp::console {
namespace {

// How soon a turn is noticed that another process gave back: no system tells.
constexpr std::chrono::milliseconds kGlance{10};

}  // namespace

class StoredKeptSecrets::StoredTurn : public Turn {
 public:
   StoredTurn(const StoredKeptSecrets& all, std::unique_ptr<TurnFile> turn) : all_(all), turn_(std::move(turn)) {}

   host::Result<Values> read() override { return all_.read(); }
   host::Result<void> keep(const std::string& field, const host::SecretBytes& value) override {
      return all_.keep(field, value);
   }

 private:
   const StoredKeptSecrets& all_;
   const std::unique_ptr<TurnFile> turn_;
};

StoredKeptSecrets::StoredKeptSecrets(Store& store, Vault& vault, console::Clock clock, IntegrationRecord saved,
                                     const host::Manifest& manifest)
    : store_(store), vault_(vault), clock_(std::move(clock)), before_(std::move(saved)), manifest_(manifest) {
   std::ranges::copy_if(manifest.fields, std::back_inserter(form_.fields), &host::Field::kept);
}

host::Result<std::unique_ptr<host::KeptSecrets::Turn>> StoredKeptSecrets::take_turn(
    host::KeptSecrets::Clock::time_point deadline, const std::stop_token& cancel) {
   for (;;) {
      auto turn = TurnFile::try_take(store_.turns(), before_.id);
      if (!turn) return turn.finding();
      if (turn.value()) return std::unique_ptr<Turn>(std::make_unique<StoredTurn>(*this, std::move(turn).value()));
      if (cancel.stop_requested())
         return host::Finding{"host.cancelled", "The check was cancelled.", "Start it again when you are ready."};
      if (std::chrono::steady_clock::now() >= deadline)
         return host::Finding{"host.deadline", "Something else was signing in with this integration all the time.",
                              "Try again later, or allow more time."};
      std::this_thread::sleep_for(kGlance);
   }
}

host::Result<IntegrationRecord> StoredKeptSecrets::integration() const {
   auto now = store_.integration(before_.id);
   if (!now) return removed();
   const bool same_user =
       now->identity.account == before_.identity.account && now->identity.principal == before_.identity.principal;
   if (!same_user ||
       changes_account(manifest_, under_present_names(before_, manifest_), under_present_names(*now, manifest_)))
      return changed_meanwhile("check", "Look at it again, then check it again.");
   return *std::move(now);
}

host::Result<host::KeptSecrets::Values> StoredKeptSecrets::read() const try {
   Values values;
   auto stored = integration();
   if (!stored) return stored.finding();
   const IntegrationRecord saved = under_present_names(std::move(stored).value(), form_);
   for (const host::Field& field : form_.fields) {
      if (!saved.secrets.contains(field.id)) continue;
      auto value = vault_.open(saved, field.id);
      if (!value) return value.finding();
      values.emplace(field.id, std::move(value).value());
   }
   return values;
} catch (const FindingError& error) {
   return error.finding();
}

host::Result<void> StoredKeptSecrets::keep(const std::string& field, const host::SecretBytes& value) const try {
   {
      Store::Change change(store_);
      const auto stored = integration();
      if (!stored) return stored.finding();
      const IntegrationRecord& saved = stored.value();
      if (value.empty()) {
         change.forget_secret(saved.id, field);
      } else {
         auto sealer = vault_.sealer(change);
         if (!sealer) return sealer.finding();
         SealedSecret sealed = sealer.value().seal(saved, field, value);
         sealed.set_at = clock_();
         change.keep_secret(saved.id, field, sealed);
      }
      // One that was spent must not come back under the name that it had.
      for (const std::string& former : former_secrets(saved, *form_.field(field)))
         change.forget_secret(saved.id, former);
      change.commit();
   }
   return {};
} catch (const FindingError& error) {
   return error.finding();
}

}  // namespace msp::console
