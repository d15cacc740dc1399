// clock.hpp - the time of day as a dependency, so that no test depends on it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace msp::console {

using Clock = std::function<std::int64_t()>;  // seconds since 1970-01-01T00:00Z

Clock system_clock();

// "2026-01-31T12:00:00Z"
std::string iso_time(std::int64_t seconds);

// "2026-11-22 04:09 UTC", for sentences.
std::string sentence_time(std::int64_t seconds);

}  // namespace msp::console
