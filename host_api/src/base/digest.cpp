#include "msp/host/digest.hpp"

#include <span>

#include "base/digest.hpp"
#include "msp/host/ascii.hpp"

namespace msp::host {

std::string sha256_hex(std::string_view bytes) {
   Sha256 hash;
   hash.update(std::as_bytes(std::span(bytes)));
   return hex(hash.finish());
}

}  // namespace msp::host
