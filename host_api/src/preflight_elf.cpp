// What the system's loader will do with an ELF library, followed with every offset checked. Section headers are used
// only to notice that the file's end is missing: the loader itself never looks at them.
#include <bit>
#include <vector>

#include "byte_reader.hpp"
#include "elf_format.hpp"
#include "msp/plugin.h"
#include "preflight.hpp"
#include "preflight_problem.hpp"

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

// Throws Problem.
class ElfLibrary {
 public:
   explicit ElfLibrary(std::span<const std::byte> bytes) : reader_(bytes) {}

   Preflight inspect() {
      read_header();
      read_segments();
      read_dynamic_section();
      const auto manifest = find_symbol(MSP_MANIFEST_SYMBOL);
      const auto entry = find_symbol(MSP_ENTRY_SYMBOL);
      if (!manifest || !entry) throw exports_missing({manifest.has_value(), entry.has_value()});
      check_entry(*entry);
      return {manifest_text(*manifest)};
   }

 private:
   template <class T>
   T read(std::uint64_t offset) const {
      const auto value = reader_.read<T>(offset);
      if (!value) throw file_incomplete(reader_.size());
      return *value;
   }

   void read_header() {
      const auto identity = read<elf::Identity>(0);
      if (identity.file_class == elf::kClass32) throw library_32_bit();
      if (identity.file_class != elf::kClass64 || identity.version != elf::kVersion) throw file_damaged("ELF header");
      header_ = read<elf::Header>(0);
      check_machine();
      if (identity.system != elf::kSystemAny && identity.system != elf::kSystemLinux) {
         throw library_of_other_system("another system", "Linux");
      }
      if (header_.type == elf::kTypeProgram) throw file_is_program();
      if (header_.type == elf::kTypeObject) throw file_is_object();
      if (header_.type != elf::kTypeShared || header_.segment_size != sizeof(elf::Segment)) {
         throw file_damaged("ELF header");
      }
      const std::uint64_t sections_end = header_.section_size * std::uint64_t{header_.section_count};
      if (header_.sections != 0 && !reader_.contains(header_.sections, sections_end)) {
         throw file_incomplete(reader_.size());
      }
   }

   void check_machine() const {
      const bool swapped = header_.identity.byte_order != kOwnByteOrder;
      const std::uint16_t machine =
          swapped ? static_cast<std::uint16_t>((header_.machine << 8U) | (header_.machine >> 8U)) : header_.machine;
      if (machine != kOwnElfMachine) throw library_of_other_machine(machine_name(machine));
      if (swapped) throw library_of_other_machine(machine_name(machine) + " with its bytes in the other order");
   }

   // Mapping a file's page that lies beyond its end succeeds; touching it kills the process with SIGBUS.
   void read_segments() {
      bool has_interpreter = false;
      for (std::uint64_t i = 0; i < header_.segment_count; ++i) {
         const auto segment = read<elf::Segment>(add(header_.segments, i * sizeof(elf::Segment)));
         has_interpreter = has_interpreter || segment.type == elf::kSegmentInterpreter;
         if (segment.type == elf::kSegmentDynamic) {
            if (dynamic_.type == elf::kSegmentDynamic) throw file_damaged("list of segments");
            dynamic_ = segment;
         }
         if (segment.type != elf::kSegmentLoad && segment.type != elf::kSegmentDynamic) continue;
         if (!reader_.contains(segment.offset, segment.file_size)) throw file_incomplete(reader_.size());
         if (segment.type == elf::kSegmentLoad) add_loaded_segment(segment);
      }
      if (has_interpreter) throw file_is_program();
      if (loaded_.empty() || dynamic_.type != elf::kSegmentDynamic) throw file_damaged("list of segments");
   }

   void add_loaded_segment(const elf::Segment& segment) {
      const bool ordered =
          loaded_.empty() || segment.address >= add(loaded_.back().address, loaded_.back().memory_size);
      if (!ordered || segment.file_size > segment.memory_size) throw file_damaged("list of segments");
      add(segment.address, segment.memory_size);
      loaded_.push_back(segment);
   }

   // The system's loader reads the section from memory and up to its end mark, whatever the file says about its place
   // and size. What is checked here must be those very bytes.
   void check_dynamic_section() const {
      const elf::Segment* segment = segment_of(dynamic_.address);
      if (segment == nullptr || segment->offset + (dynamic_.address - segment->address) != dynamic_.offset ||
          dynamic_.file_size > segment->file_size - (dynamic_.address - segment->address)) {
         throw dynamic_section_elsewhere();
      }
   }

   void read_dynamic_section() {
      check_dynamic_section();
      bool ended = false;
      for (std::uint64_t at = 0; !ended && at + sizeof(elf::Dynamic) <= dynamic_.file_size;
           at += sizeof(elf::Dynamic)) {
         const auto entry = read<elf::Dynamic>(dynamic_.offset + at);
         ended = entry.tag == elf::kDynamicEnd;
         if (entry.tag == elf::kDynamicSymbols) symbols_ = entry.value;
         if (entry.tag == elf::kDynamicStrings) strings_ = entry.value;
         if (entry.tag == elf::kDynamicStringsSize) strings_size_ = entry.value;
         if (entry.tag == elf::kDynamicHash) hash_ = entry.value;
         if (entry.tag == elf::kDynamicGnuHash) gnu_hash_ = entry.value;
         if (entry.tag == elf::kDynamicFlags1 && (entry.value & elf::kFlag1Pie) != 0) throw file_is_program();
      }
      if (!ended || symbols_ == 0 || strings_ == 0 || (hash_ == 0 && gnu_hash_ == 0))
         throw file_damaged("dynamic section");
      symbols_ = offset_of(symbols_);
      strings_ = offset_of(strings_);
   }

   static std::uint64_t add(std::uint64_t a, std::uint64_t b) {
      if (a > UINT64_MAX - b) throw file_damaged("list of segments");
      return a + b;
   }

   const elf::Segment* segment_of(std::uint64_t address) const {
      for (const elf::Segment& segment : loaded_) {
         if (address >= segment.address && address - segment.address < segment.file_size) return &segment;
      }
      return nullptr;
   }

   // Where in the file the memory at `address` comes from.
   std::uint64_t offset_of(std::uint64_t address) const {
      const elf::Segment* segment = segment_of(address);
      if (segment == nullptr) throw file_damaged("dynamic section");
      return segment->offset + (address - segment->address);
   }

   // dlsym looks a name up in the GNU hash table and uses the older one only when there is no other.
   std::optional<elf::Symbol> find_symbol(std::string_view name) const {
      return gnu_hash_ != 0 ? find_by_gnu_hash(name) : find_by_hash(name);
   }

   std::optional<elf::Symbol> find_by_gnu_hash(std::string_view name) const {
      const std::uint64_t table = offset_of(gnu_hash_);
      const auto header = read<elf::GnuHashHeader>(table);
      if (header.bucket_count == 0) return std::nullopt;
      const std::uint32_t hash = elf::gnu_hash(name);
      const std::uint64_t buckets = table + sizeof(header) + std::uint64_t{header.bloom_count} * sizeof(std::uint64_t);
      const std::uint64_t chains = buckets + std::uint64_t{header.bucket_count} * sizeof(std::uint32_t);
      std::uint64_t index = read<std::uint32_t>(buckets + hash % header.bucket_count * sizeof(std::uint32_t));
      if (index < header.first_symbol) return std::nullopt;
      for (;; ++index) {  // ends with the file at the latest
         const auto link = read<std::uint32_t>(chains + (index - header.first_symbol) * sizeof(std::uint32_t));
         if ((link | 1U) == (hash | 1U)) {
            if (const auto symbol = exported_symbol(index, name)) return symbol;
         }
         if ((link & 1U) != 0) return std::nullopt;
      }
   }

   std::optional<elf::Symbol> find_by_hash(std::string_view name) const {
      const std::uint64_t table = offset_of(hash_);
      const auto header = read<elf::HashHeader>(table);
      if (header.bucket_count == 0) return std::nullopt;
      const std::uint64_t buckets = table + sizeof(header);
      const std::uint64_t chains = buckets + std::uint64_t{header.bucket_count} * sizeof(std::uint32_t);
      if (!reader_.contains_table(chains, header.chain_count, sizeof(std::uint32_t))) {
         throw file_incomplete(reader_.size());
      }
      std::uint32_t index =
          read<std::uint32_t>(buckets + elf::sysv_hash(name) % header.bucket_count * sizeof(std::uint32_t));
      for (std::uint32_t steps = 0; index != 0 && steps < header.chain_count; ++steps) {  // a chain may be a circle
         if (const auto symbol = exported_symbol(index, name)) return symbol;
         index = read<std::uint32_t>(chains + index * std::uint64_t{sizeof(std::uint32_t)});
      }
      return std::nullopt;
   }

   std::optional<elf::Symbol> exported_symbol(std::uint64_t index, std::string_view name) const {
      const auto symbol = read<elf::Symbol>(symbols_ + index * sizeof(elf::Symbol));
      if (symbol.section == elf::kSectionUndefined || elf::binding(symbol) == elf::kBindingLocal) return std::nullopt;
      if (symbol.name >= strings_size_) return std::nullopt;
      const auto text = reader_.text(strings_ + symbol.name, name.size() + 1, reader_.size());
      if (!text || *text != name) return std::nullopt;
      return symbol;
   }

   void check_entry(const elf::Symbol& entry) const {
      const elf::Segment* segment = segment_of(entry.value);
      if (elf::type(entry) != elf::kTypeFunction || segment == nullptr ||
          (segment->flags & elf::kSegmentExecutable) == 0) {
         throw entry_is_no_function();
      }
   }

   std::string_view manifest_text(const elf::Symbol& manifest) const {
      const elf::Segment* segment = segment_of(manifest.value);
      if (segment == nullptr || (segment->flags & elf::kSegmentWritable) != 0) throw manifest_writable();
      const std::uint64_t offset = segment->offset + (manifest.value - segment->address);
      const auto text = reader_.text(offset, MSP_MANIFEST_MAX, segment->offset + segment->file_size);
      if (!text) throw manifest_endless();
      return *text;
   }

   ByteReader reader_;
   elf::Header header_{};
   elf::Segment dynamic_{};
   std::vector<elf::Segment> loaded_;  // in the order of their addresses, without overlap
   std::uint64_t symbols_ = 0;         // offsets in the file
   std::uint64_t strings_ = 0;
   std::uint64_t hash_ = 0;  // addresses in memory
   std::uint64_t gnu_hash_ = 0;
   std::uint64_t strings_size_ = 0;
};

}  // namespace

Result<Preflight> preflight_elf(std::span<const std::byte> bytes) {
   try {
      return ElfLibrary(bytes).inspect();
   } catch (const Problem& problem) {
      return problem;
   }
}

}  // namespace msp::host
