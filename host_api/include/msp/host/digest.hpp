// msp/host/digest.hpp - the hash that an approval of a plugin names.
#pragma once

#include <string>
#include <string_view>

namespace msp::host {

// SHA-256 of a byte string, as 64 lower-case hex digits. [any-thread]
std::string sha256_hex(std::string_view bytes);

}  // namespace msp::host
