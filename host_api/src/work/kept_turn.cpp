#include "work/kept_turn.hpp"

namespace msp::host {

Result<KeptTurn> take_turn(const Manifest& manifest, KeptSecrets* kept, CheckedSettings& settings,
                           KeptSecrets::Clock::time_point deadline, const std::stop_token& cancel) {
   if (kept == nullptr || !(manifest.exclusive || manifest.keeps_secrets())) return KeptTurn();
   auto turn = kept->take_turn(deadline, cancel);
   if (!turn || !manifest.keeps_secrets()) return turn;
   auto values = turn.value()->read();
   if (!values) return values.finding();
   for (const Field& field : manifest.fields) take_over_renamed(field, values.value());
   for (auto& [id, value] : values.value()) {
      const Field* field = manifest.field(id);
      // An update of the plugin may have dropped it, and a choice of the form may hide it.
      if (field != nullptr && field->kept && visible(manifest, *field, settings.values()))
         settings.keep(id, std::move(value));
   }
   return turn;
}

Outcome outcome_without_turn(const Finding& reason) noexcept {
   if (reason.code == "host.cancelled") return Outcome::cancelled;
   return reason.code == "host.deadline" ? Outcome::timed_out : Outcome::failed;
}

}  // namespace msp::host
