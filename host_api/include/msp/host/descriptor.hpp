// msp/host/descriptor.hpp - a file descriptor that is closed when its owner goes (POSIX).
#pragma once

#include <unistd.h>

#include <cstddef>
#include <string_view>
#include <utility>

namespace msp::host {

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

// Fills `bytes` as far as the file goes. Returns how many were read; -1 and errno when one cannot be read.
[[nodiscard]] ssize_t read_up_to(const Descriptor& file, char* bytes, std::size_t size) noexcept;

// False, and errno, when not all could be written.
[[nodiscard]] bool write_all(const Descriptor& file, std::string_view bytes) noexcept;

}  // namespace msp::host
