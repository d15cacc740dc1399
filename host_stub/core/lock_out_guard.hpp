// lock_out_guard.hpp - whether saved credentials may be sent without a person who asks for it: accounts lock themselves
// after some refused sign-ins.
#pragma once

#include <cstdint>
#include <optional>

#include "store/records.hpp"

namespace msp::console {

// A refusal that may be a gateway's is tried again by itself: twice, with so much time between.
inline constexpr std::int64_t kUnclearPause = 900;  // seconds
inline constexpr int kUnclearTries = 3;             // the first one counts, too

// When refused credentials may be sent again without being asked for; nothing where a person has to do something.
std::optional<std::int64_t> tries_again_at(const IntegrationRecord& saved) noexcept;

bool may_try(const IntegrationRecord& saved, std::int64_t now) noexcept;

}  // namespace msp::console
