#include "library/elf_image.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

namespace msp::host {
namespace {

std::string machine_name(std::uint16_t machine) {
   switch (machine) {
      case elf::kMachineX86:
         return "x86";
      case elf::kMachineArm:
         return "ARM";
      case elf::kMachineX86_64:
         return std::string(name(Machine::x86_64));
      case elf::kMachineAarch64:
         return std::string(name(Machine::aarch64));
      case elf::kMachineRiscV:
         return "RISC-V";
      case elf::kMachinePpc64:
         return "POWER";
      case elf::kMachineS390:
         return "IBM Z";
      default:
         return "another processor (ELF machine " + std::to_string(machine) + ")";
   }
}

constexpr std::uint16_t kOwnElfMachine = kOwnMachine == Machine::aarch64 ? elf::kMachineAarch64 : elf::kMachineX86_64;
constexpr std::uint8_t kOwnByteOrder =
    std::endian::native == std::endian::little ? elf::kLittleEndian : elf::kBigEndian;

// The smallest page there is. Where pages are larger, the loader itself refuses segments that are not aligned to them.
constexpr std::uint64_t kPage = 4096;

// Linkers make four or five; each is looked through for every address.
constexpr std::size_t kMostSegments = 64;

constexpr std::uint64_t page_of(std::uint64_t address) { return address / kPage; }

Finding segments_damaged() { return file_damaged("list of segments"); }

std::uint64_t add(std::uint64_t a, std::uint64_t b) {
   if (a > UINT64_MAX - b) throw segments_damaged();
   return a + b;
}

}  // namespace

ElfImage::ElfImage(std::span<const std::byte> bytes) : reader_(bytes) {
   read_header();
   read_segments();
   check_dynamic_section();
}

// The only one that can hold the address.
const elf::Segment* ElfImage::last_before(std::uint64_t address) const noexcept {
   const auto next = std::ranges::upper_bound(loaded_, address, {}, &elf::Segment::address);
   return next == loaded_.begin() ? nullptr : &*std::prev(next);
}

const elf::Segment* ElfImage::segment_of(std::uint64_t address) const noexcept {
   const elf::Segment* segment = last_before(address);
   return segment != nullptr && address - segment->address < segment->file_size ? segment : nullptr;
}

const elf::Segment* ElfImage::readable_segment_of(std::uint64_t address) const noexcept {
   const elf::Segment* segment = segment_of(address);
   return segment != nullptr && (segment->flags & elf::kSegmentReadable) != 0 ? segment : nullptr;
}

std::uint64_t ElfImage::offset_of(std::uint64_t address, std::uint64_t size) const {
   const elf::Segment* segment = readable_segment_of(address);
   if (segment == nullptr || size > segment->file_size - (address - segment->address))
      throw file_damaged("dynamic section");
   return segment->offset + (address - segment->address);
}

bool ElfImage::in_memory(std::uint64_t address, std::uint64_t size, std::uint32_t flags) const noexcept {
   const elf::Segment* segment = last_before(address);
   return segment != nullptr && address - segment->address < segment->memory_size &&
          size <= segment->memory_size - (address - segment->address) && (segment->flags & flags) == flags;
}

void ElfImage::read_header() {
   const auto identity = reader_.read<elf::Identity>(0);
   if (identity.file_class == elf::kClass32) throw library_32_bit();
   if (identity.file_class != elf::kClass64 || identity.version != elf::kVersion) throw file_damaged("ELF header");
   header_ = reader_.read<elf::Header>(0);
   check_machine();
   if (identity.system != elf::kSystemAny && identity.system != elf::kSystemLinux) {
      throw library_of_other_system("another system", "Linux");
   }
   if (header_.type == elf::kTypeProgram) throw file_is_program();
   if (header_.type == elf::kTypeObject) throw file_is_object();
   if (header_.type != elf::kTypeShared || header_.segment_size != sizeof(elf::Segment)) {
      throw file_damaged("ELF header");
   }
   if (header_.sections != 0)
      reader_.require(header_.sections, header_.section_size * std::uint64_t{header_.section_count});
}

void ElfImage::check_machine() const {
   const bool swapped = header_.identity.byte_order != kOwnByteOrder;
   const std::uint16_t machine =
       swapped ? static_cast<std::uint16_t>((header_.machine << 8U) | (header_.machine >> 8U)) : header_.machine;
   if (machine != kOwnElfMachine) throw library_of_other_machine(machine_name(machine));
   if (swapped) throw library_of_other_machine(machine_name(machine) + " with its bytes in the other order");
}

void ElfImage::read_segments() {
   reader_.require(header_.segments, header_.segment_count, sizeof(elf::Segment));
   std::vector<elf::Segment> segments;
   for (std::uint64_t i = 0; i < header_.segment_count; ++i) {
      segments.push_back(reader_.read<elf::Segment>(header_.segments + i * sizeof(elf::Segment)));
   }
   bool has_interpreter = false;
   for (const elf::Segment& segment : segments) {
      has_interpreter = has_interpreter || segment.type == elf::kSegmentInterpreter;
      if (segment.type == elf::kSegmentDynamic) {
         if (dynamic_.type == elf::kSegmentDynamic) throw segments_damaged();
         dynamic_ = segment;
      }
      if (segment.type != elf::kSegmentLoad && segment.type != elf::kSegmentDynamic) continue;
      reader_.require(segment.offset, segment.file_size);
      if (segment.type == elf::kSegmentLoad) add_loaded_segment(segment);
   }
   if (has_interpreter) throw file_is_program();
   if (loaded_.empty() || dynamic_.type != elf::kSegmentDynamic) throw segments_damaged();
   for (const elf::Segment& segment : segments) check_header_segment(segment);
}

// The loader maps whole pages of the file, each segment over what was mapped before, and fills with zeros from the end
// of the file's bytes to the end of their page. A page that lies beyond the file's end can be mapped; touching it kills
// the process with SIGBUS.
void ElfImage::add_loaded_segment(const elf::Segment& segment) {
   if (segment.file_size > segment.memory_size || segment.address % kPage != segment.offset % kPage ||
       (segment.alignment != 0 && !std::has_single_bit(segment.alignment))) {
      throw segments_damaged();
   }
   if (loaded_.size() == kMostSegments) throw segments_damaged();
   add(add(segment.address, segment.memory_size), kPage);
   if (!loaded_.empty()) {
      const elf::Segment& last = loaded_.back();
      const std::uint64_t last_end = last.address + last.memory_size;
      if (segment.address < last_end || page_of(segment.address) * kPage < last_end) throw segments_damaged();
   }
   const bool fills_page =
       segment.memory_size > segment.file_size && (segment.address + segment.file_size) % kPage != 0;
   if (fills_page && page_of(segment.offset + segment.file_size) * kPage >= reader_.size()) {
      throw file_incomplete(reader_.size());
   }
   loaded_.push_back(segment);
}

// What the loader, or C++'s unwinder after it, reads through the list of segments.
void ElfImage::check_header_segment(const elf::Segment& segment) const {
   const bool read_whole = segment.type == elf::kSegmentTls || segment.type == elf::kSegmentProperty ||
                           segment.type == elf::kSegmentUnwinding;
   if (read_whole && segment.file_size != 0) {
      const elf::Segment* holder = readable_segment_of(segment.address);
      if (holder == nullptr || segment.file_size > holder->file_size - (segment.address - holder->address))
         throw segments_damaged();
   }
   if (segment.type == elf::kSegmentProtected) check_protected(segment);
   if (segment.type != elf::kSegmentHeaders) return;
   const elf::Segment* holder = readable_segment_of(segment.address);
   if (holder == nullptr || holder->offset + (segment.address - holder->address) != header_.segments)
      throw segments_damaged();
}

// Made read-only after the relocations, up to its last whole page: whatever else lies there would be, too.
void ElfImage::check_protected(const elf::Segment& segment) const {
   for (const elf::Segment& holder : loaded_) {
      if (segment.address < holder.address || segment.address - holder.address >= holder.memory_size) continue;
      const std::uint64_t end = (page_of(holder.address + holder.memory_size - 1) + 1) * kPage;
      if (segment.memory_size <= end - segment.address) return;
   }
   if (segment.memory_size != 0) throw segments_damaged();
}

// The system's loader reads the section from memory and up to its end mark, whatever the file says about its place and
// size, and writes into it when its own flags say so. What is checked here must be those very bytes.
void ElfImage::check_dynamic_section() const {
   const elf::Segment* segment = readable_segment_of(dynamic_.address);
   if (segment == nullptr || segment->offset + (dynamic_.address - segment->address) != dynamic_.offset ||
       dynamic_.file_size > segment->file_size - (dynamic_.address - segment->address)) {
      throw dynamic_section_elsewhere();
   }
   if ((dynamic_.flags & ~segment->flags & elf::kSegmentWritable) != 0) throw segments_damaged();
}

}  // namespace msp::host
