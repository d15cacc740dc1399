// redaction_needles.hpp - the shapes in which a secret turns up, and a text seen through its escapes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/secret.hpp"

namespace msp::host {

// The secret as it stands, in hexadecimal (lower and upper case) and in base64: the characters that the secret alone
// decides, at each of the three alignments, so that it is found in the middle of an encoded "user:secret".
std::vector<SecretBytes> needles_of(std::string_view secret);

// A text after taking off one layer of escapes, and where each of its bytes came from.
struct DecodedText {
   std::string bytes;
   std::vector<std::size_t>
       origin;  // bytes.size() + 1 offsets into the source: byte i stands at [origin[i], origin[i+1])
};

// Escapes that are not valid stay as they are. Searching the decoded text finds a secret whatever set of characters
// its encoder chose to escape.
DecodedText percent_decode(std::string_view text);
DecodedText json_unescape(std::string_view text);

}  // namespace msp::host
