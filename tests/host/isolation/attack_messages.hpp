// attack_messages.hpp - what the tests say to attacked_runner.
#pragma once

#include <cstdint>

#include "isolation/messages.hpp"

namespace msp::isolation {

// Call the plugin's entry; the answer is Result.
struct CallEntry {
   static constexpr std::uint8_t kType = kFirstOfOperations;
   static void fields(auto& /*self*/, auto& /*wire*/) {}
};

struct Result {
   static constexpr std::uint8_t kType = kFirstOfOperations + 1;
   std::int64_t value = 0;
   static void fields(auto& self, auto& wire) { wire.number(self.value); }
};

// Comes back as it was sent.
struct Echo {
   static constexpr std::uint8_t kType = kFirstOfOperations + 2;
   std::string_view text;
   static void fields(auto& self, auto& wire) { wire.bytes(self.text, kMaxPayload); }
};

}  // namespace msp::isolation
