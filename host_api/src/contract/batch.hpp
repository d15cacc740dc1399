// batch.hpp - what is said of requests and visits wherever a plugin runs: here, or in a process of its own.
#pragma once

#include <cstdint>

#include "msp/browser.h"
#include "msp/http.h"

namespace msp::host {

// Whether the batch is there and within its bounds. One request that is too large by itself is refused alone.
[[nodiscard]] bool is_sendable(const msp_http_request* requests, std::uint32_t count) noexcept;

// The answer to a request after its call has ended. [any-thread]
[[nodiscard]] const msp_http_response& late_response() noexcept;

// The same for a visit.
[[nodiscard]] const msp_visited& late_visited() noexcept;

// Leaves a response without problem, headers and body: for a plugin that kept a pointer to it.
void make_empty(msp_http_response& response) noexcept;

}  // namespace msp::host
