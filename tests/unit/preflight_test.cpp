#include "preflight.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>

#include "elf_format.hpp"
#include "pe_library.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::host {
namespace {

using test::PeLibrary;
using test_support::read_file;

constexpr const char* kCutOff = "The file is cut off: its headers name more than the ";

Result<Preflight> look(const std::string& bytes, LibraryFormat wanted) {
   return preflight(std::as_bytes(std::span(bytes)), wanted);
}

std::string summary_of(const std::string& bytes, LibraryFormat wanted) {
   const auto result = look(bytes, wanted);
   return result ? "" : result.problem().summary;
}

TEST(PreflightPe, a_library_with_both_exports_gives_its_manifest) {
   const PeLibrary library("{\"id\":1}");
   const auto result = look(library.bytes, LibraryFormat::pe);
   ASSERT_TRUE(result) << result.problem().summary;
   EXPECT_EQ(result.value().manifest, "{\"id\":1}");
}

TEST(PreflightPe, every_defect_has_its_sentence) {
   struct Case {
      std::function<void(PeLibrary&)> spoil;
      std::string wanted;
   };
   using pe::Section;
   const std::uint32_t code = PeLibrary::kSections;
   const std::uint32_t data = code + sizeof(Section);
   const Case cases[] = {
       {[](PeLibrary& l) { l.put(PeLibrary::kFileHeader - 4, 'X'); }, "The file is not a library for Windows."},
       {[](PeLibrary& l) { l.put(pe::kHeaderOffsetAt, 0xFFFFFFF0U); },
        kCutOff + std::string("2048 bytes that are there.")},
       {[](PeLibrary& l) { l.put(PeLibrary::kFileHeader, pe::kMachineArm64); },
        "The library is for ARM64; this computer is x86-64."},
       {[](PeLibrary& l) { l.put(PeLibrary::kFileHeader, std::uint16_t{0x5064}); },
        "The library is for another processor (PE machine 20580); this computer is x86-64."},
       {[](PeLibrary& l) { l.put(PeLibrary::kOptionalHeader, pe::kMagic32); },
        "The library is a 32-bit one; this console is 64-bit."},
       {[](PeLibrary& l) { l.put(PeLibrary::kOptionalHeader, std::uint16_t{7}); },
        "The file is damaged: its PE header makes no sense."},
       {[](PeLibrary& l) { l.put(PeLibrary::kFileHeader + offsetof(pe::FileHeader, flags), std::uint16_t{2}); },
        "The file is a program, not a library."},
       {[](PeLibrary& l) {
           l.put(PeLibrary::kFileHeader + offsetof(pe::FileHeader, section_count), std::uint16_t{97});
        },
        "The file is damaged: its PE header makes no sense."},
       {[](PeLibrary& l) { l.put(PeLibrary::kOptionalHeader + 108, std::uint32_t{0}); },
        "The library is not a plugin: it exports neither msp_plugin_manifest nor msp_plugin_entry."},
       {[](PeLibrary& l) { l.put(PeLibrary::kOptionalHeader + 112, 0x90000000U); },
        "The file is damaged: its export table makes no sense."},
       {[](PeLibrary& l) { l.put(PeLibrary::kExports + offsetof(pe::ExportTable, name_count), 0xFFFFFFFFU); },
        "The file is damaged: its export table makes no sense."},
       {[](PeLibrary& l) { l.put(PeLibrary::kExports + 0x3A, std::uint16_t{2}); },
        "The file is damaged: its export table makes no sense."},
       {[](PeLibrary& l) { l.put(PeLibrary::kExports + 0x40, 'X'); },
        "The library does not export msp_plugin_entry, so it cannot be used as a plugin."},
       {[](PeLibrary& l) { l.put(PeLibrary::kExports + 0x60, 'X'); },
        "The library does not export msp_plugin_manifest, so it does not say what it is."},
       // forwarded to another library: the address lies within the export table
       {[](PeLibrary& l) { l.put(PeLibrary::kExports + 0x28, PeLibrary::kExports + 0x80 + PeLibrary::kAddress); },
        "The library does not export msp_plugin_entry, so it cannot be used as a plugin."},
       {[=](PeLibrary& l) { l.put(code, PeLibrary::section(PeLibrary::kCode, 0x200, 0)); },
        "The library's msp_plugin_entry is not a function."},
       {[=](PeLibrary& l) { l.put(data, PeLibrary::section(PeLibrary::kData, 0x400, pe::kSectionWritable)); },
        "The library's msp_plugin_manifest is not constant data."},
       {[](PeLibrary& l) {
           l.put_text(PeLibrary::kManifest, std::string(PeLibrary::kSize - PeLibrary::kManifest, ' '));
        },
        "The library's msp_plugin_manifest does not end within 65536 bytes."},
   };
   for (const auto& [spoil, wanted] : cases) {
      PeLibrary library;
      spoil(library);
      EXPECT_EQ(summary_of(library.bytes, LibraryFormat::pe), wanted);
   }
}

TEST(PreflightPe, a_library_cut_off_anywhere_is_refused) {
   const std::string whole = PeLibrary().bytes;
   for (std::size_t size = 2; size < whole.size(); ++size) {
      EXPECT_EQ(summary_of(whole.substr(0, size), LibraryFormat::pe),
                kCutOff + std::to_string(size) + " bytes that are there.");
   }
}

TEST(PreflightPe, what_linkers_put_behind_the_sections_is_missed_too) {
   PeLibrary with_symbols;
   with_symbols.put(PeLibrary::kFileHeader + offsetof(pe::FileHeader, symbols), std::uint32_t{PeLibrary::kSize});
   with_symbols.bytes += std::string("\x04\0\0\0", 4);  // an empty table of strings
   EXPECT_EQ(summary_of(with_symbols.bytes, LibraryFormat::pe), "");
   with_symbols.bytes.pop_back();
   EXPECT_EQ(summary_of(with_symbols.bytes, LibraryFormat::pe), kCutOff + std::string("2051 bytes that are there."));

   PeLibrary with_signature;
   with_signature.put(PeLibrary::kOptionalHeader + pe::kCertificateDirectoryAt, pe::Directory{PeLibrary::kSize, 8});
   with_signature.bytes += std::string(8, 's');
   EXPECT_EQ(summary_of(with_signature.bytes, LibraryFormat::pe), "");
   with_signature.bytes.pop_back();
   EXPECT_EQ(summary_of(with_signature.bytes, LibraryFormat::pe), kCutOff + std::string("2055 bytes that are there."));
}

TEST(Preflight, what_is_no_library_is_told_apart_by_its_first_bytes) {
   struct Case {
      std::string bytes;
      LibraryFormat wanted;
      const char *code, *summary, *remedy;
   };
   const Case cases[] = {
       {"", LibraryFormat::elf, "plugin.defect", "The file is empty.", "Copy the plugin again from where you got it."},
       {"#!/bin/sh\n", LibraryFormat::elf, "plugin.defect", "The file is not a library for Linux.",
        "Drop the plugin's library itself into the plugin directory."},
       {"\x7F"
        "EL",
        LibraryFormat::elf, "plugin.defect", "The file is not a library for Linux.",
        "Drop the plugin's library itself into the plugin directory."},
       {"PK\x03\x04", LibraryFormat::pe, "plugin.defect", "The file is not a library for Windows.",
        "Drop the plugin's library itself into the plugin directory."},
       {PeLibrary().bytes, LibraryFormat::elf, "plugin.incompatible",
        "The library is for Windows; this console runs on Linux.", "Get the plugin for Linux."},
       {"\x7F"
        "ELF",
        LibraryFormat::pe, "plugin.incompatible", "The library is for Linux; this console runs on Windows.",
        "Get the plugin for Windows."},
   };
   for (const auto& [bytes, wanted, code, summary, remedy] : cases) {
      const auto result = look(bytes, wanted);
      ASSERT_FALSE(result) << summary;
      EXPECT_EQ(result.problem().code, code);
      EXPECT_EQ(result.problem().summary, summary);
      EXPECT_EQ(result.problem().remedy, remedy);
   }
}

#if !defined(_WIN32)
std::string library(const char* name) { return read_file(std::string(MSP_TEST_PLUGINS) + "/" + name + ".so"); }

// A library as the linker made it, changed in one place.
class ElfBytes {
 public:
   explicit ElfBytes(std::string bytes) : bytes_(std::move(bytes)) {}

   template <class T>
   T get(std::uint64_t offset) const {
      T value;
      std::memcpy(&value, bytes_.data() + offset, sizeof value);
      return value;
   }
   template <class T>
   void put(std::uint64_t offset, const T& value) {
      std::memcpy(bytes_.data() + offset, &value, sizeof value);
   }
   void change_header(const std::function<void(elf::Header&)>& change) {
      auto header = get<elf::Header>(0);
      change(header);
      put(0, header);
   }
   void change_segments(const std::function<void(elf::Segment&)>& change) {
      const auto header = get<elf::Header>(0);
      for (std::uint64_t i = 0; i < header.segment_count; ++i) {
         const std::uint64_t offset = header.segments + i * sizeof(elf::Segment);
         auto segment = get<elf::Segment>(offset);
         change(segment);
         put(offset, segment);
      }
   }
   void change_dynamic(const std::function<void(elf::Dynamic&)>& change) {
      change_segments([&](elf::Segment& segment) {
         if (segment.type != elf::kSegmentDynamic) return;
         for (std::uint64_t at = 0; at < segment.file_size; at += sizeof(elf::Dynamic)) {
            auto entry = get<elf::Dynamic>(segment.offset + at);
            change(entry);
            put(segment.offset + at, entry);
         }
      });
   }
   [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
   std::string bytes_;
};

TEST(PreflightElf, a_plugin_gives_its_manifest_with_either_hash_table_and_stripped_of_everything) {
   ElfBytes stripped(library("variant_sound"));
   stripped.change_header([](elf::Header& header) { header.sections = header.section_count = 0; });
   for (const std::string& bytes : {library("variant_sound"), library("variant_old_hash"), stripped.bytes()}) {
      const auto result = look(bytes, LibraryFormat::elf);
      ASSERT_TRUE(result) << result.problem().summary;
      EXPECT_EQ(result.value().manifest, read_file(MSP_TEST_VARIANT_MANIFEST));
   }
}

TEST(PreflightElf, every_defect_has_its_sentence) {
   struct Case {
      const char* what;
      std::function<void(ElfBytes&)> spoil;
      std::string wanted;
   };
   const auto header = [](const std::function<void(elf::Header&)>& change) {
      return [change](ElfBytes& file) { file.change_header(change); };
   };
   const auto segment = [](const std::function<void(elf::Segment&)>& change) {
      return [change](ElfBytes& file) { file.change_segments(change); };
   };
   const auto dynamic = [](const std::function<void(elf::Dynamic&)>& change) {
      return [change](ElfBytes& file) { file.change_dynamic(change); };
   };
   const std::string cut_off = kCutOff + std::to_string(library("variant_sound").size()) + " bytes that are there.";
   const std::string segments = "The file is damaged: its list of segments makes no sense.";
   const std::string dynamics = "The file is damaged: its dynamic section makes no sense.";
   const std::string elsewhere =
       "The library's dynamic section is not where the system's loader reads it, so other contents would be loaded "
       "than were checked.";
   const Case cases[] = {
       {"32-bit", header([](auto& h) { h.identity.file_class = 1; }),
        "The library is a 32-bit one; this console is 64-bit."},
       {"class 9", header([](auto& h) { h.identity.file_class = 9; }),
        "The file is damaged: its ELF header makes no sense."},
       {"version 2", header([](auto& h) { h.identity.version = 2; }),
        "The file is damaged: its ELF header makes no sense."},
       {"ARM64", header([](auto& h) { h.machine = elf::kMachineAarch64; }),
        "The library is for ARM64; this computer is x86-64."},
       {"32-bit ARM", header([](auto& h) { h.machine = elf::kMachineArm; }),
        "The library is for ARM; this computer is x86-64."},
       {"RISC-V", header([](auto& h) { h.machine = elf::kMachineRiscV; }),
        "The library is for RISC-V; this computer is x86-64."},
       {"big-endian", header([](auto& h) {
           h.identity.byte_order = elf::kBigEndian;
           h.machine = elf::kMachineS390 << 8U;
        }),
        "The library is for IBM Z; this computer is x86-64."},
       {"unknown machine", header([](auto& h) { h.machine = 0xBEEF; }),
        "The library is for another processor (ELF machine 48879); this computer is x86-64."},
       {"FreeBSD", header([](auto& h) { h.identity.system = 9; }),
        "The library is for another system; this console runs on Linux."},
       {"object file", header([](auto& h) { h.type = elf::kTypeObject; }),
        "The file is a compiler's intermediate file, not a library."},
       {"program", header([](auto& h) { h.type = elf::kTypeProgram; }), "The file is a program, not a library."},
       {"core dump", header([](auto& h) { h.type = 4; }), "The file is damaged: its ELF header makes no sense."},
       {"segment size", header([](auto& h) { h.segment_size = 1; }),
        "The file is damaged: its ELF header makes no sense."},
       {"segments far away", header([](auto& h) { h.segments = ~0ULL - 8; }), cut_off},
       {"segments beyond 2^64", header([](auto& h) {
           h.segments = ~0ULL;
           h.segment_count = 2;
        }),
        cut_off},
       {"no segments", header([](auto& h) { h.segment_count = 0; }), segments},
       {"sections far away", header([](auto& h) { h.sections = ~0ULL - 8; }), cut_off},
       {"segment beyond the end", segment([](auto& s) { s.file_size = s.memory_size = 1ULL << 40U; }), cut_off},
       {"more file than memory", segment([](auto& s) { s.memory_size = 0; }), segments},
       {"segment beyond 2^64", segment([](auto& s) { s.memory_size = ~0ULL; }), segments},
       {"segments on top of each other", segment([](auto& s) { s.address = 0; }), segments},
       {"no dynamic section", segment([](auto& s) {
           if (s.type == elf::kSegmentDynamic) s.type = 0;
        }),
        segments},
       {"an interpreter", segment([](auto& s) {
           if (s.type != elf::kSegmentLoad && s.type != elf::kSegmentDynamic) s.type = elf::kSegmentInterpreter;
        }),
        "The file is a program, not a library."},
       {"two dynamic sections", segment([](auto& s) {
           if (s.type != elf::kSegmentLoad) s.type = elf::kSegmentDynamic;
        }),
        segments},
       {"dynamic section at another address", segment([](auto& s) {
           if (s.type == elf::kSegmentDynamic) s.address += sizeof(elf::Dynamic);
        }),
        elsewhere},
       {"dynamic section at another offset", segment([](auto& s) {
           if (s.type == elf::kSegmentDynamic) s.offset -= sizeof(elf::Dynamic);
        }),
        elsewhere},
       {"dynamic section at no address", segment([](auto& s) {
           if (s.type == elf::kSegmentDynamic) s.address = 1ULL << 40U;
        }),
        elsewhere},
       {"dynamic section reaching beyond its segment", segment([](auto& s) {
           if (s.type == elf::kSegmentDynamic) s.file_size += 0x800;
        }),
        elsewhere},
       {"dynamic section without an end", segment([](auto& s) {
           if (s.type == elf::kSegmentDynamic) s.file_size = sizeof(elf::Dynamic);
        }),
        dynamics},
       {"no symbols", dynamic([](auto& d) {
           if (d.tag == elf::kDynamicSymbols) d.tag = 1000;
        }),
        dynamics},
       {"symbols nowhere", dynamic([](auto& d) {
           if (d.tag == elf::kDynamicSymbols) d.value = 1ULL << 40U;
        }),
        dynamics},
       {"strings nowhere", dynamic([](auto& d) {
           if (d.tag == elf::kDynamicStrings) d.value = ~0ULL;
        }),
        dynamics},
       {"no hash", dynamic([](auto& d) {
           if (d.tag == elf::kDynamicGnuHash || d.tag == elf::kDynamicHash) d.tag = 1000;
        }),
        dynamics},
       {"hash nowhere", dynamic([](auto& d) {
           if (d.tag == elf::kDynamicGnuHash) d.value = 1ULL << 40U;
        }),
        dynamics},
       {"no strings", dynamic([](auto& d) {
           if (d.tag == elf::kDynamicStringsSize) d.value = 0;
        }),
        "The library is not a plugin: it exports neither msp_plugin_manifest nor msp_plugin_entry."},
       {"all writable", segment([](auto& s) { s.flags |= elf::kSegmentWritable; }),
        "The library's msp_plugin_manifest is not constant data."},
       {"nothing executable", segment([](auto& s) { s.flags &= ~elf::kSegmentExecutable; }),
        "The library's msp_plugin_entry is not a function."},
   };
   for (const auto& [what, spoil, wanted] : cases) {
      ElfBytes file(library("variant_sound"));
      spoil(file);
      EXPECT_EQ(summary_of(file.bytes(), LibraryFormat::elf), wanted) << what;
   }
}

// A circle in the older hash table's chain must not keep us for ever.
TEST(PreflightElf, a_hash_chain_without_end_is_left) {
   ElfBytes file(library("variant_old_hash"));
   std::uint64_t hash = 0;
   file.change_dynamic([&](elf::Dynamic& entry) {
      if (entry.tag == elf::kDynamicHash) hash = entry.value;  // in the first segment: address and offset are the same
   });
   ASSERT_NE(hash, 0U);
   const auto table = file.get<elf::HashHeader>(hash);
   for (std::uint64_t i = 0; i < table.bucket_count + table.chain_count; ++i) {
      file.put(hash + sizeof table + i * 4, std::uint32_t{1});
   }
   EXPECT_NE(summary_of(file.bytes(), LibraryFormat::elf), "");
}
#endif

}  // namespace
}  // namespace msp::host
