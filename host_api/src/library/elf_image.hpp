// elf_image.hpp - an ELF library as the system's loader lays it out in memory: its header and its segments.
#pragma once

#include <span>
#include <vector>

#include "library/byte_reader.hpp"
#include "library/elf_format.hpp"

namespace msp::host {

// Only layouts in which every address has one meaning, and in which the loader finds whatever it touches. Everything
// throws Finding.
class ElfImage {
 public:
   explicit ElfImage(std::span<const std::byte> bytes);

   [[nodiscard]] const ByteReader& file() const noexcept { return reader_; }
   [[nodiscard]] const elf::Segment& dynamic_section() const noexcept { return dynamic_; }

   // The segment whose bytes in the file hold the address; null when there is none.
   [[nodiscard]] const elf::Segment* segment_of(std::uint64_t address) const noexcept;
   // The same for what the loader reads: null when the segment is not readable.
   [[nodiscard]] const elf::Segment* readable_segment_of(std::uint64_t address) const noexcept;

   // Where in the file the `size` bytes of memory at `address` come from.
   std::uint64_t offset_of(std::uint64_t address, std::uint64_t size) const;

   // Whether one segment with all of these flags holds the `size` bytes of memory at `address`, from the file or not.
   [[nodiscard]] bool in_memory(std::uint64_t address, std::uint64_t size, std::uint32_t flags) const noexcept;

 private:
   [[nodiscard]] const elf::Segment* last_before(std::uint64_t address) const noexcept;
   void read_header();
   void check_machine() const;
   void read_segments();
   void add_loaded_segment(const elf::Segment& segment);
   void check_header_segment(const elf::Segment& segment) const;
   void check_protected(const elf::Segment& segment) const;
   void check_dynamic_section() const;

   ByteReader reader_;
   elf::Header header_{};
   elf::Segment dynamic_{};
   std::vector<elf::Segment> loaded_;  // in the order of their addresses, no page in two of them
};

}  // namespace msp::host
