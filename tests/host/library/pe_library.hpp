// pe_library.hpp - the smallest Windows library that is a plugin, made here: most computers that run the tests have no
// compiler for Windows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "library/pe_format.hpp"

namespace msp::host::test {

// Where what lies in the file; the addresses in memory are the same but for kAddress - kOffset.
struct PeLibrary {
   static constexpr std::uint32_t kFileHeader = 0x44;  // behind the signature
   static constexpr std::uint32_t kOptionalHeader = kFileHeader + sizeof(pe::FileHeader);
   static constexpr std::uint32_t kOptionalSize = 240;
   static constexpr std::uint32_t kSections = kOptionalHeader + kOptionalSize;
   static constexpr std::uint32_t kCode = 0x200;
   static constexpr std::uint32_t kData = 0x400;
   static constexpr std::uint32_t kExports = kData;
   static constexpr std::uint32_t kManifest = kData + 0x100;
   static constexpr std::uint32_t kSize = 0x800;
   static constexpr std::uint32_t kAddress = 0x1000;  // added to offsets

   std::string bytes = std::string(kSize, '\0');

   template <class T>
   void put(std::uint32_t offset, const T& value) {
      std::memcpy(bytes.data() + offset, &value, sizeof value);
   }

   void put_text(std::uint32_t offset, std::string_view text) {
      std::memcpy(bytes.data() + offset, text.data(), text.size());
   }

   explicit PeLibrary(std::string_view manifest = "{}") {
      put_text(0, "MZ");
      put(pe::kHeaderOffsetAt, kFileHeader - 4);
      put(kFileHeader - 4, pe::kSignature);
      put(kFileHeader, pe::FileHeader{pe::kMachineX86_64, 2, 0, 0, 0, kOptionalSize, pe::kFlagLibrary});
      pe::OptionalHeader optional{};
      optional.magic = pe::kMagic64;
      optional.directory_count = 16;
      optional.export_directory = {kExports + kAddress, 0x100};
      put(kOptionalHeader, optional);
      put(kSections, section(kCode, 0x200, pe::kSectionExecutable));
      put(kSections + sizeof(pe::Section), section(kData, 0x400, 0));
      put_exports();
      put_text(kManifest, manifest);
   }

   static pe::Section section(std::uint32_t offset, std::uint32_t size, std::uint32_t flags) {
      pe::Section made{};
      made.memory_size = size;
      made.address = offset + kAddress;
      made.file_size = size;
      made.offset = offset;
      made.flags = flags;
      return made;
   }

 private:
   // Names are sorted, as the system's loader needs them.
   void put_exports() {
      constexpr std::uint32_t kFunctions = kExports + 0x28;
      constexpr std::uint32_t kNames = kExports + 0x30;
      constexpr std::uint32_t kOrdinals = kExports + 0x38;
      constexpr std::uint32_t kEntryName = kExports + 0x40;
      constexpr std::uint32_t kManifestName = kExports + 0x60;
      pe::ExportTable exports{};
      exports.ordinal_base = 1;
      exports.function_count = 2;
      exports.name_count = 2;
      exports.functions = kFunctions + kAddress;
      exports.names = kNames + kAddress;
      exports.ordinals = kOrdinals + kAddress;
      put(kExports, exports);
      put(kFunctions, std::uint32_t{kCode + kAddress});
      put(kFunctions + 4, std::uint32_t{kManifest + kAddress});
      put(kNames, std::uint32_t{kEntryName + kAddress});
      put(kNames + 4, std::uint32_t{kManifestName + kAddress});
      put(kOrdinals, std::uint16_t{0});
      put(kOrdinals + 2, std::uint16_t{1});
      put_text(kEntryName, "msp_plugin_entry");
      put_text(kManifestName, "msp_plugin_manifest");
   }
};

}  // namespace msp::host::test
