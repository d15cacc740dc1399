#include "known_secrets.hpp"

#include <algorithm>

#include "text.hpp"

namespace msp::host {

void KnownSecrets::add(std::string_view secret) {
   if (secret.size() < Redactor::kShortest) return;
   const std::lock_guard lock(mutex_);
   if (std::ranges::any_of(leases_, [&](const auto& known) { return known.first.view() == secret; })) return;
   leases_.emplace_back(SecretBytes(secret), redactor_.add(secret));
}

void KnownSecrets::add_credentials(std::string_view value) {
   add(value);
   if (const auto blank = value.find(' '); blank != std::string_view::npos) add(trim(value.substr(blank)));
}

}  // namespace msp::host
