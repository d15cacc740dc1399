// pe_format.hpp - the parts of a 64-bit Windows library (PE32+) that a loader reads. Our own, since <winnt.h> is only
// there on Windows. The format is always little-endian, as are the machines that load it.
#pragma once

#include <cstdint>

namespace msp::host::pe {

constexpr std::uint64_t kHeaderOffsetAt = 0x3C;    // of the DOS header: where the PE header begins
constexpr std::uint32_t kSignature = 0x00004550U;  // "PE\0\0"

constexpr std::uint16_t kMachineX86 = 0x014C;
constexpr std::uint16_t kMachineArm = 0x01C4;
constexpr std::uint16_t kMachineX86_64 = 0x8664;
constexpr std::uint16_t kMachineArm64 = 0xAA64;

constexpr std::uint16_t kMagic32 = 0x010B;
constexpr std::uint16_t kMagic64 = 0x020B;
constexpr std::uint16_t kMaxSections = 96;  // more, and Windows refuses the file
constexpr std::uint16_t kFlagLibrary = 0x2000;
constexpr std::uint32_t kSectionExecutable = 0x20000000U;
constexpr std::uint32_t kSectionWritable = 0x80000000U;

struct FileHeader {
   std::uint16_t machine;
   std::uint16_t section_count;
   std::uint32_t time;
   std::uint32_t symbols;  // offset of the linker's symbols, 0 without
   std::uint32_t symbol_count;
   std::uint16_t optional_size;
   std::uint16_t flags;
};
static_assert(sizeof(FileHeader) == 20);
constexpr std::uint64_t kSymbolSize = 18;

struct Directory {
   std::uint32_t address;
   std::uint32_t size;
};

struct OptionalHeader {
   std::uint16_t magic;
   std::uint8_t unused[106];
   std::uint32_t directory_count;
   Directory export_directory;
};
static_assert(sizeof(OptionalHeader) == 120);
constexpr std::uint32_t kCertificateDirectory = 4;
constexpr std::uint64_t kCertificateDirectoryAt = 112 + kCertificateDirectory * sizeof(Directory);

struct Section {
   char name[8];
   std::uint32_t memory_size;
   std::uint32_t address;
   std::uint32_t file_size;
   std::uint32_t offset;
   std::uint32_t relocations;
   std::uint32_t lines;
   std::uint16_t relocation_count;
   std::uint16_t line_count;
   std::uint32_t flags;
};
static_assert(sizeof(Section) == 40);

struct ExportTable {
   std::uint32_t flags;
   std::uint32_t time;
   std::uint16_t major;
   std::uint16_t minor;
   std::uint32_t name;
   std::uint32_t ordinal_base;
   std::uint32_t function_count;
   std::uint32_t name_count;
   std::uint32_t functions;
   std::uint32_t names;
   std::uint32_t ordinals;
};
static_assert(sizeof(ExportTable) == 40);

}  // namespace msp::host::pe
