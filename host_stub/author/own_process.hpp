// own_process.hpp - what this process uses, and memory with an end that is felt.
#pragma once

#include <chrono>
#include <cstddef>

namespace msp::author {

struct ProcessUse {
   std::size_t threads = 0;
   std::size_t open_files = 0;  // Windows: handles
   std::size_t heap = 0;        // bytes in use
};
ProcessUse process_use();

// How long this thread was ready to run and had no processor, since it began; 0 where the system does not tell.
std::chrono::nanoseconds waited_for_processor();

// A copy whose end lies where a page begins that nobody may read.
class GuardedCopy {
 public:
   GuardedCopy(const void* from, std::size_t size);
   ~GuardedCopy();
   GuardedCopy(const GuardedCopy&) = delete;
   GuardedCopy& operator=(const GuardedCopy&) = delete;

   [[nodiscard]] void* address() const noexcept { return address_; }

 private:
   void* pages_ = nullptr;
   std::size_t size_ = 0;
   void* address_ = nullptr;
};

}  // namespace msp::author
