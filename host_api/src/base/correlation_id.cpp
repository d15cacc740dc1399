#include "msp/host/correlation_id.hpp"

#include <array>
#include <cstddef>

#include "base/digest.hpp"

namespace msp::host {

std::string new_correlation_id() {
   std::array<std::byte, 8> bytes{};
   if (!random_bytes(bytes)) return std::string(16, '0');
   std::string text;
   for (const auto byte : bytes)
      for (const auto half : {std::to_integer<unsigned>(byte) >> 4, std::to_integer<unsigned>(byte) & 15u})
         text += "0123456789abcdef"[half];
   return text;
}

}  // namespace msp::host
