#include "library/preflight.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "pe_library.hpp"

namespace msp::host {
namespace {

using test::PeLibrary;

constexpr const char* kCutOff = "The file is cut off: its headers name more than the ";

Result<Preflight> look(const std::string& bytes, LibraryFormat wanted) {
   return preflight(std::as_bytes(std::span(bytes)), wanted);
}

std::string summary_of(const std::string& bytes, LibraryFormat wanted) {
   const auto result = look(bytes, wanted);
   return result ? "" : result.finding().summary;
}

TEST(PreflightPe, a_library_with_both_exports_gives_its_manifest) {
   const PeLibrary library("{\"id\":1}");
   const auto result = look(library.bytes, LibraryFormat::pe);
   ASSERT_TRUE(result) << result.finding().summary;
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
        "The library's msp_plugin_manifest does not end within 1048576 bytes."},
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
      EXPECT_EQ(result.finding().code, code);
      EXPECT_EQ(result.finding().summary, summary);
      EXPECT_EQ(result.finding().remedy, remedy);
   }
}

}  // namespace
}  // namespace msp::host
