// secrets_document.hpp - the JSON of `secrets status` and `secrets rotate`; it holds no secret.
#pragma once

#include <optional>
#include <string>

#include "vault/vault_rotation.hpp"

namespace msp::console {

// "credential" or "file".
std::string_view name(KeyEncryptionKey::From from) noexcept;

// `rotation` is what was just done, if anything.
std::string secrets_document(const SecretsStatus& status, const std::optional<Rotation>& rotation = {});

}  // namespace msp::console
