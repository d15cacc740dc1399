#include "core/unproven_addresses.hpp"

#include <algorithm>

#include "vault/sealing.hpp"

namespace msp::console {

std::vector<std::string> unproven_addresses(const host::Manifest& manifest, const IntegrationRecord& saved,
                                            const OpenSecret& open) {
   const bool has_secrets = std::ranges::any_of(
       manifest.fields, [](const host::Field& field) { return field.kind == host::FieldKind::secret; });
   const bool proven = std::ranges::any_of(saved.secrets, [&](const auto& secret) {
      return seal_format(secret.second.sealed) != SealFormat::first && open(saved, secret.first);
   });
   return has_secrets && !proven ? manifest.hosts_from : std::vector<std::string>{};
}

}  // namespace msp::console
