// handle.hpp - what this system gives for something open: a descriptor, or a handle of Windows. Closed when its owner
// goes.
#pragma once

#if defined(_WIN32)

#include <utility>

namespace msp::isolation {

class Handle {
 public:
   Handle() noexcept = default;
   explicit Handle(void* value) noexcept : value_(value) {}
   Handle(Handle&& other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
   Handle& operator=(Handle&& other) noexcept {
      std::swap(value_, other.value_);
      return *this;
   }
   ~Handle() { close(); }

   [[nodiscard]] void* get() const noexcept { return value_; }
   explicit operator bool() const noexcept;

   void close() noexcept;

 private:
   void* value_ = nullptr;
};

}  // namespace msp::isolation

#else

#include "msp/host/descriptor.hpp"

namespace msp::isolation {

using host::Descriptor;
using Handle = Descriptor;

}  // namespace msp::isolation

#endif
