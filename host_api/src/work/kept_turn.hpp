// kept_turn.hpp - the turn to use what a plugin keeps, for as long as a check or a sign-in lasts.
#pragma once

#include <memory>
#include <stop_token>

#include "msp/host/kept_secrets.hpp"
#include "msp/host/manifest.hpp"
#include "msp/host/outcome.hpp"
#include "msp/host/settings.hpp"

namespace msp::host {

using KeptTurn = std::unique_ptr<KeptSecrets::Turn>;

// Takes the turn and puts what is kept into the settings. No turn where none is needed: nothing lasts (`kept` is null),
// or the plugin neither keeps secrets nor is exclusive.
Result<KeptTurn> take_turn(const Manifest& manifest, KeptSecrets* kept, CheckedSettings& settings,
                           KeptSecrets::Clock::time_point deadline, const std::stop_token& cancel);

// How an operation ends that got no turn, for this reason.
Outcome outcome_without_turn(const Finding& reason) noexcept;

}  // namespace msp::host
