// msp/host/outcome.hpp - how an operation ended, as a type that cannot be ignored.
#pragma once

#include <cstdint>
#include <string_view>

#include "msp/abi.h"

namespace msp::host {

// The first ten are the contract's and mean what msp/call.h says of them.
enum class [[nodiscard]] Outcome : std::int32_t{
    accepted = MSP_ACCEPTED,
    refused = MSP_REFUSED,
    invalid_settings = MSP_INVALID_SETTINGS,
    unreachable = MSP_UNREACHABLE,
    throttled = MSP_THROTTLED,
    unavailable = MSP_UNAVAILABLE,
    cancelled = MSP_CANCELLED,
    timed_out = MSP_TIMED_OUT,
    incompatible = MSP_INCOMPATIBLE,
    failed = MSP_FAILED,
    conflict = 1000,  // the console's own: name or account already used; never crosses the ABI
};

// The word of msp.check/1, for example "invalid_settings". [any-thread]
std::string_view name(Outcome outcome) noexcept;

}  // namespace msp::host
