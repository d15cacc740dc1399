// byte_reader.hpp - numbers and texts out of a stranger's library, every offset checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace msp::host {

// Reads in the machine's own byte order: a library of another order is refused before anything wider is read.
class ByteReader {
 public:
   explicit ByteReader(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}

   [[nodiscard]] std::uint64_t size() const noexcept { return bytes_.size(); }

   // Whether `count` elements of `element` bytes each lie there.
   [[nodiscard]] bool contains(std::uint64_t offset, std::uint64_t count, std::uint64_t element = 1) const noexcept {
      return offset <= size() && count <= (size() - offset) / element;
   }

   // A copy of the `T` there; nothing beyond the end.
   template <class T>
   [[nodiscard]] std::optional<T> read(std::uint64_t offset) const noexcept {
      static_assert(std::is_trivially_copyable_v<T>);
      if (!contains(offset, sizeof(T))) return std::nullopt;
      T value;
      std::memcpy(&value, bytes_.data() + offset, sizeof(T));
      return value;
   }

   [[nodiscard]] bool holds(std::uint64_t offset, std::string_view text) const noexcept {
      return contains(offset, text.size()) && std::memcmp(bytes_.data() + offset, text.data(), text.size()) == 0;
   }

   // The text from `offset` up to its NUL, which must come within `max_size` bytes, the NUL included, and before `end`.
   [[nodiscard]] std::optional<std::string_view> text(std::uint64_t offset, std::uint64_t max_size,
                                                      std::uint64_t end) const noexcept {
      if (offset > end || end > size()) return std::nullopt;
      const auto* begin = reinterpret_cast<const char*>(bytes_.data()) + offset;
      const std::uint64_t room = end - offset < max_size ? end - offset : max_size;
      const void* nul = room == 0 ? nullptr : std::memchr(begin, 0, room);
      if (nul == nullptr) return std::nullopt;
      return std::string_view(begin, static_cast<std::size_t>(static_cast<const char*>(nul) - begin));
   }

 private:
   std::span<const std::byte> bytes_;
};

}  // namespace msp::host
