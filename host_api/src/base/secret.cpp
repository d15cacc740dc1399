#include "msp/host/secret.hpp"

#include <cstring>
#include <utility>

namespace msp::host {
namespace {

// A call through a volatile pointer may do anything as far as the compiler knows, so it cannot be left out.
void* (*const volatile kMemset)(void*, int, std::size_t) = std::memset;

}  // namespace

void wipe(void* data, std::size_t size) noexcept {
   if (size != 0) kMemset(data, 0, size);
}

void wipe(std::string& text) noexcept {
   text.resize(text.capacity());  // never reallocates
   wipe(text.data(), text.size());
   text.clear();
}

SecretBytes::SecretBytes(std::string_view bytes) : size_(bytes.size()) {
   if (bytes.empty()) return;
   data_ = std::make_unique<char[]>(bytes.size() + 1);  // zeroed: the NUL is there
   std::memcpy(data_.get(), bytes.data(), bytes.size());
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
   if (this != &other) {
      wipe(data_.get(), size_);
      data_ = std::move(other.data_);
      size_ = std::exchange(other.size_, 0);
   }
   return *this;
}

SecretBytes::~SecretBytes() { wipe(data_.get(), size_); }

SecretBytes SecretBytes::take(std::string& bytes) {
   SecretBytes secret(bytes);
   wipe(bytes);
   return secret;
}

}  // namespace msp::host
