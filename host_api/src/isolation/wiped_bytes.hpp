// wiped_bytes.hpp - a growing buffer whose memory is overwritten before it is given back, also each time it grows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "msp/host/secret.hpp"

namespace msp::isolation {

class WipedBytes {
 public:
   WipedBytes() noexcept = default;
   explicit WipedBytes(std::string_view bytes) { append(bytes); }
   WipedBytes(WipedBytes&& other) noexcept { swap(other); }
   WipedBytes& operator=(WipedBytes&& other) noexcept {
      swap(other);
      return *this;
   }
   ~WipedBytes() { host::wipe(data_.get(), capacity_); }

   [[nodiscard]] char* data() noexcept { return data_.get(); }
   [[nodiscard]] std::size_t size() const noexcept { return size_; }
   [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
   [[nodiscard]] std::string_view view() const noexcept { return {data_.get(), size_}; }

   void append(std::string_view bytes) {
      const std::size_t before = size_;
      resize(size_ + bytes.size());
      if (!bytes.empty()) std::memcpy(data_.get() + before, bytes.data(), bytes.size());
   }
   void append(char byte) { append(std::string_view(&byte, 1)); }

   // Overwrites what is there, and keeps its size.
   void wipe() noexcept { host::wipe(data_.get(), size_); }

   // Bytes that are added have no value yet.
   void resize(std::size_t size) {
      if (size > capacity_) reserve(std::max({size, 2 * capacity_, kSmallest}));
      size_ = size;
   }

 private:
   static constexpr std::size_t kSmallest = 64;

   void reserve(std::size_t capacity) {
      auto larger = std::make_unique_for_overwrite<char[]>(capacity);
      if (size_ != 0) std::memcpy(larger.get(), data_.get(), size_);
      host::wipe(data_.get(), capacity_);
      data_ = std::move(larger);
      capacity_ = capacity;
   }
   void swap(WipedBytes& other) noexcept {
      std::swap(data_, other.data_);
      std::swap(size_, other.size_);
      std::swap(capacity_, other.capacity_);
   }

   std::unique_ptr<char[]> data_;
   std::size_t size_ = 0;
   std::size_t capacity_ = 0;
};

}  // namespace msp::isolation
