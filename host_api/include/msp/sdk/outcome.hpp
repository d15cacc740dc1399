// msp/sdk/outcome.hpp - how an operation ended, as a type that cannot be ignored.
#pragma once

#include <cstdint>

#include "msp/abi.h"

namespace msp::sdk {

// The meanings stand in msp/abi.h. Every outcome but `accepted` needs a reported finding of severity error.
enum class [[nodiscard]] Outcome : std::int32_t{
    accepted = MSP_ACCEPTED,       refused = MSP_REFUSED,     invalid_settings = MSP_INVALID_SETTINGS,
    unreachable = MSP_UNREACHABLE, throttled = MSP_THROTTLED, unavailable = MSP_UNAVAILABLE,
    cancelled = MSP_CANCELLED,     timed_out = MSP_TIMED_OUT, incompatible = MSP_INCOMPATIBLE,
    failed = MSP_FAILED,
};

}  // namespace msp::sdk
