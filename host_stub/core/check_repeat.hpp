// check_repeat.hpp - which checks are worth making once more a moment later.
#pragma once

#include <chrono>
#include <optional>

#include "msp/host/check.hpp"

namespace msp::console {

// How long to wait before a check that met a platform or gateway without time for it is made once more: as long as the
// platform asked for, else a moment of random length. Empty when another attempt would be in vain or do harm (refused
// credentials, above all), or when the platform wants to be left alone for longer than anybody waits for a check.
std::optional<std::chrono::milliseconds> time_to_repeat(const host::CheckReport& report);

inline constexpr std::chrono::seconds kLongestPause{60};

}  // namespace msp::console
