// msp/host/secret.hpp - bytes that cannot be printed or copied by accident, and are wiped when they go.
#pragma once

#include <cstddef>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace msp::host {

// Overwrites memory in a way that the compiler keeps. [any-thread]
void wipe(void* data, std::size_t size) noexcept;

// Overwrites and empties a string, its spare capacity included. [any-thread]
void wipe(std::string& text) noexcept;

// Movable, not copyable; always followed by a NUL, so view().data() is a C string. Not thread-safe, like std::string.
class SecretBytes {
 public:
   SecretBytes() noexcept = default;
   explicit SecretBytes(std::string_view bytes);
   SecretBytes(SecretBytes&& other) noexcept;
   SecretBytes& operator=(SecretBytes&& other) noexcept;
   SecretBytes(const SecretBytes&) = delete;
   SecretBytes& operator=(const SecretBytes&) = delete;
   ~SecretBytes();

   // Takes the bytes over and wipes where they came from.
   static SecretBytes take(std::string& bytes);

   [[nodiscard]] SecretBytes copy() const { return SecretBytes(view()); }
   [[nodiscard]] std::string_view view() const noexcept { return {data_ ? data_.get() : "", size_}; }
   [[nodiscard]] std::size_t size() const noexcept { return size_; }
   [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

   friend std::ostream& operator<<(std::ostream&, const SecretBytes&) = delete;

 private:
   std::unique_ptr<char[]> data_;
   std::size_t size_ = 0;
};

}  // namespace msp::host
