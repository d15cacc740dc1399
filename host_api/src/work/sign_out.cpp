#include "msp/host/sign_out.hpp"

#include <algorithm>
#include <exception>

#include "msp/host/correlation_id.hpp"
#include "work/kept_turn.hpp"

namespace msp::host {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

SignOutReport not_asked(Outcome outcome, Finding reason) { return {outcome, {std::move(reason)}}; }

SignOutReport ask(Plugin& plugin, CheckedSettings settings, const CheckOptions& options) {
   const auto deadline = Clock::now() + options.timeout;
   auto turn = take_turn(plugin.manifest(), options.kept.get(), settings, deadline, options.cancel);
   if (!turn) return not_asked(outcome_without_turn(turn.finding()), turn.finding());
   auto connection = plugin.connect(std::move(settings));
   if (!connection) return not_asked(Outcome::failed, connection.finding());
   OperationOptions operation;
   operation.timeout = std::max(std::chrono::ceil<milliseconds>(deadline - Clock::now()), milliseconds(0));
   operation.cancel = options.cancel;
   operation.correlation_id = new_correlation_id();
   operation.now = options.now;
   operation.language = best_language(plugin.manifest(), options.languages);
   if (const auto& kept = turn.value())
      operation.keep = [&kept](const std::string& field, const SecretBytes& value) { return kept->keep(field, value); };
   auto report = connection.value().run(Operation::sign_out, operation);
   return {report.outcome, std::move(report.findings)};
}

}  // namespace

SignOutReport sign_out(Plugin& plugin, Settings settings, const CheckOptions& options) try {
   SettingsCheck form = check_settings(plugin.manifest(), std::move(settings));
   if (!form.settings) return {Outcome::invalid_settings, std::move(form.findings)};
   return ask(plugin, std::move(*form.settings), options);
} catch (const std::exception& error) {
   return not_asked(Outcome::failed, own_failure("The console could not go on with the sign-out", error,
                                                 "End the sign-in at the platform."));
}

}  // namespace msp::host
