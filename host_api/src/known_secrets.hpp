// known_secrets.hpp - the secrets of one connection, kept out of everything that leaves until it ends.
#pragma once

#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "msp/host/redaction.hpp"
#include "msp/host/secret.hpp"

namespace msp::host {

// [any-thread]
class KnownSecrets {
 public:
   // REQUIRES: the redactor outlives this.
   explicit KnownSecrets(Redactor& redactor) : redactor_(redactor) {}

   void add(std::string_view secret);

   // The value of a header that authenticates: also known without the word of its scheme ("Bearer x": x as well).
   void add_credentials(std::string_view value);

 private:
   Redactor& redactor_;
   std::mutex mutex_;
   std::vector<std::pair<SecretBytes, Redactor::Lease>> leases_;
};

}  // namespace msp::host
