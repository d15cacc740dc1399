// wiped_bytes.hpp - a growing buffer whose memory is overwritten before it is given back, also each time it grows.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "msp/host/secret.hpp"

namespace msp::isolation {

template <class T>
struct WipingAllocator {
   using value_type = T;

   WipingAllocator() noexcept = default;
   template <class Other>
   WipingAllocator(const WipingAllocator<Other>& /*other*/) noexcept {}

   T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
   void deallocate(T* memory, std::size_t count) noexcept {
      host::wipe(memory, count * sizeof(T));
      std::allocator<T>().deallocate(memory, count);
   }
   friend bool operator==(const WipingAllocator&, const WipingAllocator&) noexcept { return true; }
};

using WipedBytes = std::vector<char, WipingAllocator<char>>;

}  // namespace msp::isolation
