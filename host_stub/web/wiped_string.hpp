// wiped_string.hpp - text whose memory is overwritten when it is given back: what a browser sends may hold a password.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "msp/host/secret.hpp"

namespace msp::console {

template <class T>
struct WipingAllocator {
   using value_type = T;

   WipingAllocator() noexcept = default;
   template <class U>
   WipingAllocator(const WipingAllocator<U>&) noexcept {}

   T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
   void deallocate(T* memory, std::size_t count) noexcept {
      host::wipe(memory, count * sizeof(T));
      std::allocator<T>().deallocate(memory, count);
   }

   friend bool operator==(const WipingAllocator&, const WipingAllocator&) noexcept { return true; }
};

// Short texts lie in the object itself and are not wiped; a request with a secret in it is never that short.
using WipedString = std::basic_string<char, std::char_traits<char>, WipingAllocator<char>>;

}  // namespace msp::console
