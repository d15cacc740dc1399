// frame.hpp - how the console and a plugin's own process write to each other: one frame after the other.
//
// A frame is the size of its payload (u32), its type (u8) and the payload. Numbers are little endian. A text is its
// length (u32), its bytes and a NUL that the length does not count, so a text of a received frame is a C string.
//
// A message is a struct with a type and one list of its fields, which serves both directions:
//
//    struct Progress {
//       static constexpr std::uint8_t kType = 17;
//       std::uint32_t done = 0;
//       std::string_view text;
//       static void fields(auto& self, auto& wire) {
//          wire.number(self.done);
//          wire.text(self.text, 512);
//       }
//    };
//
// Texts of a decoded message point into its frame and live as long as the frame.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include "isolation/wiped_bytes.hpp"

namespace msp::isolation {

inline constexpr std::size_t kFrameHeader = 5;
inline constexpr std::size_t kMaxPayload = std::size_t{16} << 20;

// The whole of a frame, its header included. Wiped when it goes.
class Frame {
 public:
   Frame() = default;
   // REQUIRES: `bytes` is a header and as many bytes as it says.
   explicit Frame(WipedBytes bytes) noexcept : bytes_(std::move(bytes)) {}

   // 0, which no message has, for a frame that is not there.
   [[nodiscard]] std::uint8_t type() const noexcept {
      return bytes_.empty() ? 0 : static_cast<std::uint8_t>(bytes_.view()[kFrameHeader - 1]);
   }
   [[nodiscard]] std::string_view payload() const noexcept { return bytes().substr(bytes_.empty() ? 0 : kFrameHeader); }
   [[nodiscard]] std::string_view bytes() const noexcept { return bytes_.view(); }

   // Overwrites it where it is: whoever points into it reads zeros.
   void wipe() noexcept { bytes_.wipe(); }

 private:
   WipedBytes bytes_;
};

// The payload's size as the first bytes of a frame say it. REQUIRES: four bytes.
[[nodiscard]] std::size_t payload_size(const char* header) noexcept;

// Writes the fields of a message. A field beyond its bound spoils the whole message.
class FrameWriter {
 public:
   explicit FrameWriter(std::uint8_t type);

   template <std::integral Number>
   void number(Number value) {
      unsigned_number(static_cast<std::uint64_t>(static_cast<std::make_unsigned_t<Number>>(value)), sizeof(Number));
   }
   void flag(bool value) { unsigned_number(value ? 1 : 0, 1); }
   void text(std::string_view value, std::size_t max_size);                          // without a NUL in it
   void optional_text(std::optional<std::string_view> value, std::size_t max_size);  // a null pointer of the contract
   void bytes(std::string_view value, std::size_t max_size);
   template <class Item, class WriteItem>
   void list(const std::vector<Item>& items, std::size_t max_count, WriteItem write_item) {
      count(items.size(), max_count);
      for (const Item& item : items) write_item(item);
   }

   // Nothing when a bound was exceeded. Call once.
   [[nodiscard]] std::optional<Frame> finish();

 private:
   void unsigned_number(std::uint64_t value, std::size_t size);
   void count(std::size_t size, std::size_t max_size);

   WipedBytes bytes_;
   bool sound_ = true;
};

// Reads what FrameWriter wrote, from the reader's own copy: the peer cannot change it meanwhile. After the first fault
// every further field is empty.
class FrameReader {
 public:
   explicit FrameReader(std::string_view payload) noexcept : rest_(payload) {}

   template <std::integral Number>
   void number(Number& value) noexcept {
      value = static_cast<Number>(unsigned_number(sizeof(Number)));
   }
   void flag(bool& value) noexcept;
   void text(std::string_view& value, std::size_t max_size) noexcept;
   void optional_text(std::optional<std::string_view>& value, std::size_t max_size) noexcept;
   void bytes(std::string_view& value, std::size_t max_size) noexcept;
   template <class Item, class ReadItem>
   void list(std::vector<Item>& items, std::size_t max_count, ReadItem read_item) {
      items.resize(count(max_count));
      for (Item& item : items) read_item(item);
   }

   // Every field was there and within its bound, and nothing is left.
   [[nodiscard]] bool finish() const noexcept { return sound_ && rest_.empty(); }

 private:
   std::uint64_t unsigned_number(std::size_t size) noexcept;
   std::size_t count(std::size_t max_count) noexcept;
   std::string_view take(std::size_t size) noexcept;

   std::string_view rest_;
   bool sound_ = true;
};

// Nothing when a field of the message exceeds its bound.
template <class Message>
[[nodiscard]] std::optional<Frame> encode(const Message& message) {
   FrameWriter writer(Message::kType);
   Message::fields(message, writer);
   return writer.finish();
}

// Nothing when the frame is no such message. The message's texts live as long as the frame.
template <class Message>
[[nodiscard]] std::optional<Message> decode(const Frame& frame) {
   if (frame.type() != Message::kType) return std::nullopt;
   FrameReader reader(frame.payload());
   Message message;
   Message::fields(message, reader);
   if (!reader.finish()) return std::nullopt;
   return message;
}

}  // namespace msp::isolation
