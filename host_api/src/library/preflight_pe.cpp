// What the system's loader will do with a Windows library (PE32+), followed with every offset checked.
#include <vector>

#include "library/byte_reader.hpp"
#include "library/pe_format.hpp"
#include "library/preflight.hpp"
#include "library/preflight_problem.hpp"
#include "msp/plugin.h"

namespace msp::host {
namespace {

std::string machine_name(std::uint16_t machine) {
   switch (machine) {
      case pe::kMachineX86:
         return "x86";
      case pe::kMachineArm:
         return "ARM";
      case pe::kMachineX86_64:
         return std::string(name(Machine::x86_64));
      case pe::kMachineArm64:
         return std::string(name(Machine::aarch64));
      default:
         return "another processor (PE machine " + std::to_string(machine) + ")";
   }
}

constexpr std::uint16_t kOwnPeMachine = kOwnMachine == Machine::aarch64 ? pe::kMachineArm64 : pe::kMachineX86_64;

// Throws Finding.
class PeLibrary {
 public:
   explicit PeLibrary(std::span<const std::byte> bytes) : reader_(bytes) {
      read_headers();
      read_sections();
   }

   // The address of an exported symbol of this library.
   std::optional<std::uint32_t> find(std::string_view name) const {
      if (directory_.size == 0) return std::nullopt;
      const auto table = reader_.read<pe::ExportTable>(offset_of(directory_.address));
      if (table.name_count == 0) return std::nullopt;
      const std::uint64_t names = offset_of(table.names);
      if (!reader_.contains(names, table.name_count * sizeof(std::uint32_t))) throw file_damaged("export table");
      for (std::uint64_t i = 0; i < table.name_count; ++i) {
         const auto at = offset_of(reader_.read<std::uint32_t>(names + i * sizeof(std::uint32_t)));
         const auto text = reader_.text(at, name.size() + 1, reader_.size());
         if (text && *text == name) return export_address(table, i);
      }
      return std::nullopt;
   }

   void check_entry(std::uint32_t entry) const {
      const pe::Section* section = section_of(entry);
      if (section == nullptr || (section->flags & pe::kSectionExecutable) == 0) throw entry_is_no_function();
   }

   std::string_view manifest_text(std::uint32_t manifest) const {
      const pe::Section* section = section_of(manifest);
      if (section == nullptr || (section->flags & pe::kSectionWritable) != 0) throw manifest_writable();
      const auto text =
          reader_.text(offset_of(manifest), MSP_MANIFEST_MAX, std::uint64_t{section->offset} + section->file_size);
      if (!text) throw manifest_endless();
      return *text;
   }

 private:
   void read_headers() {
      std::uint64_t offset = reader_.read<std::uint32_t>(pe::kHeaderOffsetAt);
      if (reader_.read<std::uint32_t>(offset) != pe::kSignature) throw file_is_no_library("Windows");
      offset += sizeof(pe::kSignature);
      header_ = reader_.read<pe::FileHeader>(offset);
      offset += sizeof(header_);
      const auto magic = reader_.read<std::uint16_t>(offset);
      if (magic == pe::kMagic32) throw library_32_bit();
      if (header_.machine != kOwnPeMachine) throw library_of_other_machine(machine_name(header_.machine));
      if (magic != pe::kMagic64 || header_.optional_size < sizeof(pe::OptionalHeader)) throw file_damaged("PE header");
      if ((header_.flags & pe::kFlagLibrary) == 0) throw file_is_program();
      const auto optional = reader_.read<pe::OptionalHeader>(offset);
      if (optional.directory_count > 0) directory_ = optional.export_directory;
      sections_ = offset + header_.optional_size;
      check_end(optional, offset);
   }

   // What linkers and signers put behind the last section: the file's end is missing when that is.
   void check_end(const pe::OptionalHeader& optional, std::uint64_t offset) const {
      if (header_.symbols != 0) {
         const std::uint64_t strings = header_.symbols + std::uint64_t{header_.symbol_count} * pe::kSymbolSize;
         reader_.require(strings, reader_.read<std::uint32_t>(strings));
      }
      const std::uint64_t certificates = offset + pe::kCertificateDirectoryAt;
      if (optional.directory_count > pe::kCertificateDirectory && certificates + sizeof(pe::Directory) <= sections_) {
         const auto directory = reader_.read<pe::Directory>(certificates);  // its address is an offset in the file
         reader_.require(directory.address, directory.size);
      }
   }

   void read_sections() {
      if (header_.section_count > pe::kMaxSections) throw file_damaged("PE header");
      for (std::uint64_t i = 0; i < header_.section_count; ++i) {
         const auto section = reader_.read<pe::Section>(sections_ + i * sizeof(pe::Section));
         reader_.require(section.offset, section.file_size);
         loaded_.push_back(section);
      }
   }

   const pe::Section* section_of(std::uint32_t address) const {
      for (const pe::Section& section : loaded_) {
         if (address >= section.address && address - section.address < section.file_size) return &section;
      }
      return nullptr;
   }

   std::uint64_t offset_of(std::uint32_t address) const {
      const pe::Section* section = section_of(address);
      if (section == nullptr) throw file_damaged("export table");
      return std::uint64_t{section->offset} + (address - section->address);
   }

   // An address within the export table is no address but the name of another library's symbol.
   std::optional<std::uint32_t> export_address(const pe::ExportTable& table, std::uint64_t name_index) const {
      const auto ordinal = reader_.read<std::uint16_t>(offset_of(table.ordinals) + name_index * sizeof(std::uint16_t));
      if (ordinal >= table.function_count) throw file_damaged("export table");
      const auto address = reader_.read<std::uint32_t>(offset_of(table.functions) + ordinal * sizeof(std::uint32_t));
      if (address >= directory_.address && address - directory_.address < directory_.size) return std::nullopt;
      return address;
   }

   ByteReader reader_;
   pe::FileHeader header_{};
   pe::Directory directory_{};   // of the exports
   std::uint64_t sections_ = 0;  // offset of the table
   std::vector<pe::Section> loaded_;
};

// Throws Finding.
Preflight inspect(const PeLibrary& library) {
   const auto manifest = library.find(MSP_MANIFEST_SYMBOL);
   const auto entry = library.find(MSP_ENTRY_SYMBOL);
   if (!manifest || !entry) throw exports_missing({manifest.has_value(), entry.has_value()});
   library.check_entry(*entry);
   const std::string_view text = library.manifest_text(*manifest);
   // Windows searches what a library imports in its own and the program's directories only (loader_windows.cpp).
   return {text, {}, {}};
}

}  // namespace

Result<Preflight> preflight_pe(std::span<const std::byte> bytes) {
   try {
      return inspect(PeLibrary(bytes));
   } catch (const Finding& problem) {
      return problem;
   }
}

}  // namespace msp::host
