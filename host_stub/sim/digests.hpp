// digests.hpp - digests and times as signed requests carry them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace msp::sim {

enum class DigestKind { sha1, sha256, sha512 };

// The bytes, not their hexadecimal.
std::string sha256(std::string_view text);
std::string hmac(DigestKind kind, std::string_view key, std::string_view text);

using UtcTime = std::chrono::sys_seconds;

// "20150830T123600Z"; nothing if it is none.
std::optional<UtcTime> read_compact_time(std::string_view text);

// "Tue, 21 Aug 2012 17:29:18 -0000", as e-mail has it, in UTC; nothing if it is none.
std::optional<UtcTime> read_mail_time(std::string_view text);

}  // namespace msp::sim
