// publisher.hpp - whose signature a plugin's file carries (docs/ABI.md, "The publisher's signature").
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace msp::console {

// The last bytes of a signed file: the mark, the publisher's public key, and an Ed25519 signature over everything
// before it, mark and key included.
inline constexpr std::string_view kSignatureMark = "msp-signature/1\n";

struct Publisher {
   std::string key;       // in base64
   bool genuine = false;  // the signature fits the bytes: nobody changed them since whoever has the key signed them

   friend bool operator==(const Publisher&, const Publisher&) = default;
};

// Nothing for bytes without a signature. [both any-thread]
[[nodiscard]] std::optional<Publisher> publisher_of(std::string_view plugin);
// The same for a file, as long as it has these bytes.
[[nodiscard]] std::optional<Publisher> publisher_of(const std::filesystem::path& file, std::string_view sha256);

}  // namespace msp::console
