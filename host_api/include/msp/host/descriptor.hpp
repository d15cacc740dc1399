// msp/host/descriptor.hpp - a file descriptor that is closed when its owner goes (POSIX).
#pragma once

#include <unistd.h>

#include <cerrno>
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
[[nodiscard]] inline ssize_t read_up_to(const Descriptor& file, char* bytes, std::size_t size) noexcept {
   std::size_t filled = 0;
   while (filled < size) {
      const ssize_t count = ::read(file.get(), bytes + filled, size - filled);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return -1;
      if (count == 0) break;
      filled += static_cast<std::size_t>(count);
   }
   return static_cast<ssize_t>(filled);
}

// False, and errno, when not all could be written.
[[nodiscard]] inline bool write_all(const Descriptor& file, std::string_view bytes) noexcept {
   while (!bytes.empty()) {
      const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
   }
   return true;
}

}  // namespace msp::host
