// http_words.hpp - what an HTTP status means, for people.
#pragma once

#include <string>
#include <string_view>

#include "msp/host/integration.hpp"
#include "msp/host/result.hpp"

namespace msp::console {

// "Not Found"; empty for a status that nobody has registered.
std::string_view status_words(int status) noexcept;

// One sentence for an answer that is no success, and what to do.
host::Finding explain_status(const std::string& platform, const host::Request& request, const host::Response& response);

}  // namespace msp::console
