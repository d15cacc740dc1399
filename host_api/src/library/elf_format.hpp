// elf_format.hpp - the parts of a 64-bit ELF file that a loader reads, as the System V ABI lays them out. Our own,
// since <elf.h> is only there on systems that load ELF.
#pragma once

#include <cstdint>
#include <string_view>

namespace msp::host::elf {

constexpr std::uint8_t kClass32 = 1;
constexpr std::uint8_t kClass64 = 2;
constexpr std::uint8_t kLittleEndian = 1;
constexpr std::uint8_t kBigEndian = 2;
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kSystemAny = 0;
constexpr std::uint8_t kSystemLinux = 3;

constexpr std::uint16_t kTypeObject = 1;
constexpr std::uint16_t kTypeProgram = 2;
constexpr std::uint16_t kTypeShared = 3;

constexpr std::uint16_t kMachineX86 = 3;
constexpr std::uint16_t kMachinePpc64 = 21;
constexpr std::uint16_t kMachineS390 = 22;
constexpr std::uint16_t kMachineArm = 40;
constexpr std::uint16_t kMachineX86_64 = 62;
constexpr std::uint16_t kMachineAarch64 = 183;
constexpr std::uint16_t kMachineRiscV = 243;

constexpr std::uint32_t kSegmentLoad = 1;
constexpr std::uint32_t kSegmentDynamic = 2;
constexpr std::uint32_t kSegmentInterpreter = 3;
constexpr std::uint32_t kSegmentStack = 0x6474e551;
constexpr std::uint32_t kSegmentReadOnlyLater = 0x6474e552;  // RELRO
constexpr std::uint32_t kSegmentExecutable = 1;
constexpr std::uint32_t kSegmentWritable = 2;
constexpr std::uint32_t kSegmentReadable = 4;

constexpr std::int64_t kDynamicEnd = 0;
constexpr std::int64_t kDynamicNeeded = 1;
constexpr std::int64_t kDynamicHash = 4;
constexpr std::int64_t kDynamicStrings = 5;
constexpr std::int64_t kDynamicSymbols = 6;
constexpr std::int64_t kDynamicStringsSize = 10;
constexpr std::int64_t kDynamicPath = 15;
constexpr std::int64_t kDynamicTextRelocations = 22;
constexpr std::int64_t kDynamicBindNow = 24;
constexpr std::int64_t kDynamicRunPath = 29;
constexpr std::int64_t kDynamicFlags = 30;
constexpr std::uint64_t kFlagTextRelocations = 4;
constexpr std::uint64_t kFlagBindNow = 8;
constexpr std::int64_t kDynamicConfiguration = 0x6ffffefa;
constexpr std::int64_t kDynamicAuditOfDependencies = 0x6ffffefb;
constexpr std::int64_t kDynamicAudit = 0x6ffffefc;
constexpr std::int64_t kDynamicAuxiliary = 0x7ffffffd;
constexpr std::int64_t kDynamicFilter = 0x7fffffff;
constexpr std::int64_t kDynamicGnuHash = 0x6ffffef5;
constexpr std::int64_t kDynamicFlags1 = 0x6ffffffb;
constexpr std::uint64_t kFlag1Now = 1;
constexpr std::uint64_t kFlag1Pie = 0x08000000;

constexpr std::uint16_t kSectionUndefined = 0;
constexpr std::uint8_t kBindingLocal = 0;
constexpr std::uint8_t kTypeFunction = 2;

struct Identity {
   std::uint8_t magic[4];
   std::uint8_t file_class;
   std::uint8_t byte_order;
   std::uint8_t version;
   std::uint8_t system;
   std::uint8_t padding[8];
};

struct Header {
   Identity identity;
   std::uint16_t type;
   std::uint16_t machine;
   std::uint32_t version;
   std::uint64_t entry;
   std::uint64_t segments;  // offset of the table
   std::uint64_t sections;  // offset of the table
   std::uint32_t flags;
   std::uint16_t header_size;
   std::uint16_t segment_size;
   std::uint16_t segment_count;
   std::uint16_t section_size;
   std::uint16_t section_count;
   std::uint16_t section_names;
};
static_assert(sizeof(Header) == 64);

struct Segment {
   std::uint32_t type;
   std::uint32_t flags;
   std::uint64_t offset;
   std::uint64_t address;
   std::uint64_t physical_address;
   std::uint64_t file_size;
   std::uint64_t memory_size;
   std::uint64_t alignment;
};
static_assert(sizeof(Segment) == 56);

struct Dynamic {
   std::int64_t tag;
   std::uint64_t value;
};

struct Symbol {
   std::uint32_t name;  // offset into the strings
   std::uint8_t info;
   std::uint8_t other;
   std::uint16_t section;
   std::uint64_t value;
   std::uint64_t size;
};
static_assert(sizeof(Symbol) == 24);

constexpr std::uint8_t binding(const Symbol& symbol) { return static_cast<std::uint8_t>(symbol.info >> 4U); }
constexpr std::uint8_t type(const Symbol& symbol) { return symbol.info & 0x0FU; }

struct HashHeader {
   std::uint32_t bucket_count;
   std::uint32_t chain_count;
};

struct GnuHashHeader {
   std::uint32_t bucket_count;
   std::uint32_t first_symbol;
   std::uint32_t bloom_count;
   std::uint32_t bloom_shift;
};

constexpr std::uint32_t gnu_hash(std::string_view name) {
   std::uint32_t hash = 5381;
   for (const char c : name) hash = hash * 33U + static_cast<unsigned char>(c);
   return hash;
}

constexpr std::uint32_t sysv_hash(std::string_view name) {
   std::uint32_t hash = 0;
   for (const char c : name) {
      hash = (hash << 4U) + static_cast<unsigned char>(c);
      const std::uint32_t high = hash & 0xF0000000U;
      hash = (hash ^ (high >> 24U)) & ~high;
   }
   return hash;
}

}  // namespace msp::host::elf
