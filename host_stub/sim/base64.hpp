// base64.hpp - base64 as headers carry it, and base64url as tokens do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace msp::sim {

// Nothing if the text is empty or not base64 with its padding.
std::optional<std::string> base64_decoded(std::string_view text);

// Without padding.
std::string base64url(std::string_view bytes);

// Nothing if the text is empty, has padding, or is not base64url.
std::optional<std::string> base64url_decoded(std::string_view text);

// What an Authorization header of the kind Basic says, such as "user:password"; nothing if it is another or unreadable.
std::optional<std::string> basic_credentials(std::string_view authorization);

}  // namespace msp::sim
