// redaction_needles.hpp - the shapes in which a secret turns up, and a text as it is searched for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/secret.hpp"

namespace msp::host {

// A text as it is searched: ASCII letters in lower case, without blanks, controls and characters that nobody sees, and
// where each of its bytes came from. Folded lines, other letter case and soft hyphens then hide nothing. It may hold a
// secret, so it is wiped.
class SeenText {
 public:
   struct Place {
      std::uint32_t begin, end;  // of the source; the bytes of one escape have all of it
   };

   // REQUIRES: the source outlives this, and its size fits into 32 bits.
   explicit SeenText(std::string_view source);
   SeenText(SeenText&&) noexcept = default;
   SeenText(const SeenText&) = delete;
   SeenText& operator=(const SeenText&) = delete;
   SeenText& operator=(SeenText&&) = delete;
   ~SeenText() { wipe(bytes_); }

   [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }

   // One for each byte. Most texts hold no secret and are never asked.
   [[nodiscard]] const std::vector<Place>& places() const;

   // With one layer of escapes taken off: %43, %u0043 | \n, \x43, \u0043, \u{43}, \103 | &amp;, &#67;, &#x43;. What is
   // no valid escape stays as it is. Searching what is under the escapes finds a secret whatever its encoder chose to
   // escape.
   [[nodiscard]] SeenText percent_decoded() const;
   [[nodiscard]] SeenText backslash_decoded() const;
   [[nodiscard]] SeenText html_decoded() const;

 private:
   SeenText() = default;
   template <class Take>
   [[nodiscard]] SeenText decoded(char sign, Take take) const;

   std::string bytes_;
   std::string_view source_;
   mutable std::vector<Place> places_;
};

// What to look for in a SeenText: the secret as it stands, in hexadecimal, in base64 and base32 and in base64 twice. Of
// the last three, the characters that the secret alone decides, at each alignment, so that it is found in the middle of
// an encoded "user:secret".
std::vector<SecretBytes> needles_of(std::string_view secret);

}  // namespace msp::host
