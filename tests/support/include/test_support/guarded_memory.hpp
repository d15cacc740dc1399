// guarded_memory.hpp - memory whose end is the end of what may be touched: one byte further ends the process.
#pragma once

#include <cstddef>

namespace test_support {

class GuardedMemory {
 public:
   explicit GuardedMemory(std::size_t size);
   ~GuardedMemory();
   GuardedMemory(const GuardedMemory&) = delete;
   GuardedMemory& operator=(const GuardedMemory&) = delete;

   // The first of `size` bytes that may be read and written.
   [[nodiscard]] std::byte* data() const noexcept { return data_; }

 private:
   std::byte* pages_;
   std::size_t pages_size_;
   std::byte* data_;
};

}  // namespace test_support
