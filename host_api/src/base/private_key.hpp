// private_key.hpp - signatures with a private key in PEM (private_key_openssl.cpp, private_key_windows.cpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace msp::host {

enum class SignatureAlgorithm : std::int32_t { rs256 = 1, ps256 = 2, es256 = 3, eddsa = 4 };

enum class SigningFault {
   no_key,         // the text holds no private key that can be read
   encrypted_key,  // it is under a passphrase
   other_kind,     // the algorithm needs a key of another kind, or this system has not got it
   refused,        // the system's library could not sign
};

struct Signature {
   std::optional<SigningFault> fault;
   std::vector<std::uint8_t> bytes;
};

// [any-thread]
Signature sign(SignatureAlgorithm algorithm, std::string_view pem, std::span<const std::byte> data);

// SHA-256 of the first certificate of the text; nothing when it holds none. [any-thread]
std::optional<std::array<std::uint8_t, 32>> certificate_thumbprint(std::string_view pem);

}  // namespace msp::host
