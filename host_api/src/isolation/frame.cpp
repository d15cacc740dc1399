#include "isolation/frame.hpp"

#include <algorithm>
#include <utility>

namespace msp::isolation {
namespace {

constexpr std::size_t kSizeBytes = 4;

}  // namespace

std::size_t payload_size(const char* header) noexcept {
   std::size_t size = 0;
   for (std::size_t i = kSizeBytes; i-- > 0;) size = size << 8U | static_cast<unsigned char>(header[i]);
   return size;
}

FrameWriter::FrameWriter(std::uint8_t type) {
   bytes_.resize(kFrameHeader);  // the size comes last
   bytes_.data()[kFrameHeader - 1] = static_cast<char>(type);
}

void FrameWriter::unsigned_number(std::uint64_t value, std::size_t size) {
   for (std::size_t i = 0; i < size; ++i, value >>= 8U) bytes_.append(static_cast<char>(value & 0xFFU));
}

void FrameWriter::count(std::size_t size, std::size_t max_size) {
   if (size > max_size || size > kMaxPayload) sound_ = false;
   unsigned_number(size, kSizeBytes);
}

void FrameWriter::bytes(std::string_view value, std::size_t max_size) {
   count(value.size(), max_size);
   if (sound_) bytes_.append(value);  // what cannot be sent need not be copied
}

void FrameWriter::text(std::string_view value, std::size_t max_size) {
   if (value.find('\0') != std::string_view::npos) sound_ = false;
   bytes(value, max_size);
   bytes_.append('\0');
}

void FrameWriter::optional_text(std::optional<std::string_view> value, std::size_t max_size) {
   flag(value.has_value());
   if (value) text(*value, max_size);
}

std::optional<Frame> FrameWriter::finish() {
   const std::size_t size = bytes_.size() - kFrameHeader;
   if (!sound_ || size > kMaxPayload) return std::nullopt;
   for (std::size_t i = 0; i < kSizeBytes; ++i) bytes_.data()[i] = static_cast<char>(size >> (8 * i) & 0xFFU);
   return Frame(std::move(bytes_));
}

std::string_view FrameReader::take(std::size_t size) noexcept {
   if (!sound_ || size > rest_.size()) {
      sound_ = false;
      return {};
   }
   const std::string_view taken = rest_.substr(0, size);
   rest_.remove_prefix(size);
   return taken;
}

std::uint64_t FrameReader::unsigned_number(std::size_t size) noexcept {
   const std::string_view taken = take(size);
   std::uint64_t value = 0;
   for (std::size_t i = taken.size(); i-- > 0;) value = value << 8U | static_cast<unsigned char>(taken[i]);
   return value;
}

// Of a list each item takes a byte at least, so a short frame cannot ask for a long list.
std::size_t FrameReader::count(std::size_t max_count) noexcept {
   const auto value = static_cast<std::size_t>(unsigned_number(kSizeBytes));
   if (value > max_count || value > rest_.size()) sound_ = false;
   return sound_ ? value : 0;
}

void FrameReader::flag(bool& value) noexcept {
   const std::uint64_t read = unsigned_number(1);
   if (read > 1) sound_ = false;
   value = sound_ && read == 1;
}

void FrameReader::bytes(std::string_view& value, std::size_t max_size) noexcept { value = take(count(max_size)); }

void FrameReader::text(std::string_view& value, std::size_t max_size) noexcept {
   bytes(value, max_size);
   const std::string_view end = take(1);
   if (end.empty() || end.front() != '\0' || value.find('\0') != std::string_view::npos) sound_ = false;
   if (!sound_) value = {};
}

void FrameReader::optional_text(std::optional<std::string_view>& value, std::size_t max_size) noexcept {
   bool there = false;
   flag(there);
   value.reset();
   std::string_view read;
   if (there) text(read, max_size);
   if (there && sound_) value = read;
}

}  // namespace msp::isolation
