#include "known_secrets.hpp"

#include <algorithm>

#include "text.hpp"

namespace msp::host {

bool KnownSecrets::knows(std::string_view secret) const {
   const auto is_it = [&](const auto& known) { return known.first.view() == secret; };
   return std::ranges::any_of(leases_, is_it) || std::ranges::any_of(credentials_, is_it);
}

void KnownSecrets::keep(Leases& leases, std::string_view secret) {
   if (secret.size() < Redactor::kShortest || knows(secret)) return;
   leases.emplace_back(SecretBytes(secret), redactor_.add(secret));
}

void KnownSecrets::add(std::string_view secret) {
   const std::lock_guard lock(mutex_);
   keep(leases_, secret);
}

void KnownSecrets::make_public(std::string_view value) {
   const std::lock_guard lock(mutex_);
   public_.emplace_back(value);
}

void KnownSecrets::add_credentials(std::string_view value) {
   const std::lock_guard lock(mutex_);
   if (std::ranges::find(public_, value) != public_.end()) return;
   keep(credentials_, value);
   if (const auto blank = value.find(' '); blank != std::string_view::npos)
      keep(credentials_, trim(value.substr(blank)));
   while (credentials_.size() > kKept) credentials_.pop_front();
}

}  // namespace msp::host
