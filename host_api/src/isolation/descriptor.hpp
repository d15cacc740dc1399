// descriptor.hpp - a file descriptor that is closed when its owner goes (POSIX).
#pragma once

#include <unistd.h>

#include <utility>

namespace msp::isolation {

class Descriptor {
 public:
   Descriptor() noexcept = default;
   explicit Descriptor(int number) noexcept : number_(number) {}
   Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
   Descriptor& operator=(Descriptor&& other) noexcept {
      std::swap(number_, other.number_);
      return *this;
   }
   ~Descriptor() { close(); }

   [[nodiscard]] int get() const noexcept { return number_; }
   explicit operator bool() const noexcept { return number_ >= 0; }

   void close() noexcept {
      if (number_ >= 0) ::close(number_);
      number_ = -1;
   }

 private:
   int number_ = -1;
};

}  // namespace msp::isolation
