#include "msp/host/correlation_id.hpp"

#include <array>
#include <cstddef>

#include "base/digest.hpp"
#include "msp/host/ascii.hpp"

namespace msp::host {

std::string new_correlation_id() {
   std::array<std::byte, 8> bytes{};
   if (!random_bytes(bytes)) return std::string(16, '0');
   return hex(bytes);
}

}  // namespace msp::host
