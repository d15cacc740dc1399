// elf_image.hpp - an ELF library as the system's loader lays it out in memory: its header, its segments, and its
// dynamic section, which says what the loader shall do with it.
#pragma once

#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "library/byte_reader.hpp"
#include "library/elf_format.hpp"
#include "msp/host/result.hpp"

namespace msp::host {

// Only layouts in which every address has one meaning, so that what is looked at is what will be loaded. Whether the
// loader can make something of it is seen when it loads.
class ElfImage {
 public:
   static Result<ElfImage> read(std::span<const std::byte> bytes);

   [[nodiscard]] const ByteReader& file() const noexcept { return file_; }

   // The segment whose bytes in the file hold the address; null when there is none.
   [[nodiscard]] const elf::Segment* segment_of(std::uint64_t address) const noexcept;
   // The same for what is read: null when the segment is not readable.
   [[nodiscard]] const elf::Segment* readable_segment_of(std::uint64_t address) const noexcept;

   // Where in the file the `size` bytes of memory at `address` come from; nothing when no readable segment has them.
   [[nodiscard]] std::optional<std::uint64_t> offset_of(std::uint64_t address, std::uint64_t size) const noexcept;

   // The dynamic section up to its end mark.
   [[nodiscard]] const std::vector<elf::Dynamic>& dynamic_entries() const noexcept { return entries_; }
   // The value of the last entry with that tag, which is the one that the system's loader takes; 0 without one.
   [[nodiscard]] std::uint64_t dynamic_value(std::int64_t tag) const noexcept;

 private:
   explicit ElfImage(std::span<const std::byte> bytes) noexcept : file_(bytes) {}

   Result<void> read_header();
   Result<void> check_machine() const;
   Result<void> read_segments();
   Result<void> add_loaded_segment(const elf::Segment& segment);
   Result<void> check_place_of_dynamic_section() const;
   Result<void> read_dynamic_section();

   ByteReader file_;
   elf::Header header_{};
   elf::Segment dynamic_{};
   std::vector<elf::Segment> loaded_;  // in the order of their addresses, no page in two of them
   std::vector<elf::Dynamic> entries_;
   std::unordered_map<std::int64_t, std::uint64_t> values_;
};

}  // namespace msp::host
