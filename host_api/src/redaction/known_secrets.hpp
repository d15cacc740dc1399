// known_secrets.hpp - the secrets of one connection, kept out of everything that leaves until it ends.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
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

   // A value that is no secret where it stands as one, such as the user name in a header of its own.
   void make_public(std::string_view value);

   // The value of a header that authenticates: also known without the word of its scheme ("Bearer x": x as well), and
   // of "Basic" the password in it, which may be typed with braces or blanks and sent without. The last kKept of them
   // are known, for a connection that signs in again and again for years.
   void add_credentials(std::string_view value);

   // Whether a text holds a known secret, or a part of one that redaction takes out.
   [[nodiscard]] bool appear_in(std::string_view text) const { return redactor_.redact_foreign(text) != text; }

   static constexpr std::size_t kKept = 256;

   // Words of a plugin, before a sentence of the host quotes and cuts them.
   [[nodiscard]] std::string taken_out_of(std::string_view words) const { return redactor_.redact_foreign(words); }

 private:
   using Leases = std::deque<std::pair<SecretBytes, Redactor::Lease>>;
   void keep(Leases& leases, std::string_view secret);
   [[nodiscard]] bool knows(std::string_view secret) const;

   Redactor& redactor_;
   std::mutex mutex_;
   std::vector<std::string> public_;
   Leases leases_;
   Leases credentials_;
};

}  // namespace msp::host
