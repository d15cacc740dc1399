#include "library/elf_image.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

#include "library/preflight_problem.hpp"

namespace msp::host {
namespace {

std::string elf_machine_name(std::uint16_t machine) {
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

// Linkers make about thirty entries, and one for each library that is needed.
constexpr std::size_t kMostEntries = 1024;

Finding segments_damaged() { return file_damaged("list of segments"); }

// Whether the sum is a number of 64 bits.
bool can_add(std::uint64_t a, std::uint64_t b) { return a <= UINT64_MAX - b; }

}  // namespace

Result<ElfImage> ElfImage::read(std::span<const std::byte> bytes) {
   ElfImage image(bytes);
   for (const auto step : {&ElfImage::read_header, &ElfImage::read_segments, &ElfImage::read_dynamic_section}) {
      if (auto done = (image.*step)(); !done) return done.finding();
   }
   return image;
}

// The last segment that begins at or before the address is the only one that can hold it.
const elf::Segment* ElfImage::segment_of(std::uint64_t address) const noexcept {
   const auto next = std::ranges::upper_bound(loaded_, address, {}, &elf::Segment::address);
   if (next == loaded_.begin()) return nullptr;
   const elf::Segment& segment = *std::prev(next);
   return address - segment.address < segment.file_size ? &segment : nullptr;
}

const elf::Segment* ElfImage::readable_segment_of(std::uint64_t address) const noexcept {
   const elf::Segment* segment = segment_of(address);
   return segment != nullptr && (segment->flags & elf::kSegmentReadable) != 0 ? segment : nullptr;
}

std::optional<std::uint64_t> ElfImage::offset_of(std::uint64_t address, std::uint64_t size) const noexcept {
   const elf::Segment* segment = readable_segment_of(address);
   if (segment == nullptr || size > segment->file_size - (address - segment->address)) return std::nullopt;
   return segment->offset + (address - segment->address);
}

std::uint64_t ElfImage::dynamic_value(std::int64_t tag) const noexcept {
   const auto found = values_.find(tag);
   return found == values_.end() ? 0 : found->second;
}

Result<void> ElfImage::read_header() {
   const auto identity = file_.read<elf::Identity>(0);
   if (!identity) return file_incomplete(file_.size());
   if (identity->file_class == elf::kClass32) return library_32_bit();
   if (identity->file_class != elf::kClass64 || identity->version != elf::kVersion) return file_damaged("ELF header");
   const auto header = file_.read<elf::Header>(0);
   if (!header) return file_incomplete(file_.size());
   header_ = *header;
   if (auto checked = check_machine(); !checked) return checked;
   if (identity->system != elf::kSystemAny && identity->system != elf::kSystemLinux)
      return library_of_other_system("another system", "Linux");
   if (header_.type == elf::kTypeProgram) return file_is_program();
   if (header_.type == elf::kTypeObject) return file_is_object();
   if (header_.type != elf::kTypeShared || header_.segment_size != sizeof(elf::Segment))
      return file_damaged("ELF header");
   if (header_.sections != 0 &&
       !file_.contains(header_.sections, header_.section_size * std::uint64_t{header_.section_count}))
      return file_incomplete(file_.size());
   return {};
}

Result<void> ElfImage::check_machine() const {
   const bool swapped = header_.identity.byte_order != kOwnByteOrder;
   const std::uint16_t machine =
       swapped ? static_cast<std::uint16_t>((header_.machine << 8U) | (header_.machine >> 8U)) : header_.machine;
   if (machine != kOwnElfMachine) return library_of_other_machine(elf_machine_name(machine));
   if (swapped) return library_of_other_machine(elf_machine_name(machine) + " with its bytes in the other order");
   return {};
}

Result<void> ElfImage::read_segments() {
   if (!file_.contains(header_.segments, header_.segment_count, sizeof(elf::Segment)))
      return file_incomplete(file_.size());
   bool has_interpreter = false;
   for (std::uint64_t i = 0; i < header_.segment_count; ++i) {
      const auto segment =
          file_.read<elf::Segment>(header_.segments + i * sizeof(elf::Segment)).value_or(elf::Segment{});
      has_interpreter = has_interpreter || segment.type == elf::kSegmentInterpreter;
      if (segment.type != elf::kSegmentLoad && segment.type != elf::kSegmentDynamic) continue;
      if (segment.type == elf::kSegmentDynamic) {
         if (dynamic_.type == elf::kSegmentDynamic) return segments_damaged();
         dynamic_ = segment;
      }
      if (!file_.contains(segment.offset, segment.file_size)) return file_incomplete(file_.size());
      if (segment.type == elf::kSegmentDynamic) continue;
      if (auto added = add_loaded_segment(segment); !added) return added;
   }
   if (has_interpreter) return file_is_program();
   if (loaded_.empty() || dynamic_.type != elf::kSegmentDynamic) return segments_damaged();
   return {};
}

// The loader maps whole pages of the file, each segment over what was mapped before.
Result<void> ElfImage::add_loaded_segment(const elf::Segment& segment) {
   if (loaded_.size() == kMostSegments || segment.file_size > segment.memory_size ||
       segment.address % kPage != segment.offset % kPage || !can_add(segment.address, segment.memory_size) ||
       !can_add(segment.address + segment.memory_size, kPage)) {
      return segments_damaged();
   }
   if (!loaded_.empty()) {
      const elf::Segment& last = loaded_.back();
      const std::uint64_t last_end = last.address + last.memory_size;
      if (segment.address < last_end || segment.address / kPage * kPage < last_end) return segments_damaged();
   }
   loaded_.push_back(segment);
   return {};
}

// The system's loader reads the section from memory and up to its end mark, whatever the file says about its place and
// size. What is checked here must be those very bytes.
Result<void> ElfImage::check_place_of_dynamic_section() const {
   const auto offset = offset_of(dynamic_.address, dynamic_.file_size);
   if (!offset || *offset != dynamic_.offset) return dynamic_section_elsewhere();
   return {};
}

Result<void> ElfImage::read_dynamic_section() {
   if (auto checked = check_place_of_dynamic_section(); !checked) return checked;
   for (std::uint64_t at = 0; at + sizeof(elf::Dynamic) <= dynamic_.file_size; at += sizeof(elf::Dynamic)) {
      const auto entry = file_.read<elf::Dynamic>(dynamic_.offset + at);
      if (!entry || entries_.size() == kMostEntries) break;
      entries_.push_back(*entry);
      values_[entry->tag] = entry->value;
      if (entry->tag != elf::kDynamicEnd) continue;
      if ((dynamic_value(elf::kDynamicFlags1) & elf::kFlag1Pie) != 0) return file_is_program();
      return {};
   }
   return file_damaged("dynamic section");
}

}  // namespace msp::host
