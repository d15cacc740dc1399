// msp/host/descriptor.hpp - a file descriptor that is closed when its owner goes (POSIX).
#pragma once

#include <unistd.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace msp::host {

// Moved, never copied. Not thread-safe.
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
   // Gives the number away: nobody closes it.
   [[nodiscard]] int release() noexcept { return std::exchange(number_, -1); }
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

// Reads a file of `expected` bytes, which may have more or fewer meanwhile: at most one byte more than `max_bytes`, so
// that the caller judges the length by what was read. False, and errno, when it cannot be read.
[[nodiscard]] bool read_whole(const Descriptor& file, std::size_t expected, std::size_t max_bytes, std::string& bytes);

// False, and errno, when not all could be written.
[[nodiscard]] bool write_all(const Descriptor& file, std::string_view bytes) noexcept;

#if defined(__linux__)
// The bytes in memory that looks like a file and can never be changed again; no descriptor, and errno, where the system
// refuses. `more_flags` are of memfd_create; a system that does not know them does without.
[[nodiscard]] Descriptor seal_in_memory(const std::string& name, std::string_view bytes, unsigned more_flags) noexcept;
#endif

}  // namespace msp::host
