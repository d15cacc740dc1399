// What the system's loader will do with a Windows library (PE32+), followed with every offset checked.
#include <optional>
#include <vector>

#include "library/byte_reader.hpp"
#include "library/pe_format.hpp"
#include "library/preflight.hpp"
#include "library/preflight_problem.hpp"
#include "msp/plugin.h"

namespace msp::host {
namespace {

std::string pe_machine_name(std::uint16_t machine) {
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

class PeLibrary {
 public:
   static Result<PeLibrary> read(std::span<const std::byte> bytes) {
      PeLibrary library(bytes);
      if (auto done = library.read_headers(); !done) return done.finding();
      if (auto done = library.read_sections(); !done) return done.finding();
      if (auto done = library.read_exports(); !done) return done.finding();
      return library;
   }

   // The address of an exported symbol of this library; nothing for one that another library has under its name.
   Result<std::optional<std::uint32_t>> find(std::string_view name) const {
      for (std::uint64_t i = 0; i < exports_.name_count; ++i) {
         const auto at = offset_of(entry<std::uint32_t>(names_, i));
         if (!at) return exports_damaged();
         if (file_.text(*at, name.size() + 1, file_.size()) == name) return export_address(i);
      }
      return std::optional<std::uint32_t>();
   }

   [[nodiscard]] bool is_function(std::uint32_t address) const {
      const pe::Section* section = section_of(address);
      return section != nullptr && (section->flags & pe::kSectionExecutable) != 0;
   }

   [[nodiscard]] Result<std::string_view> manifest_text(std::uint32_t address) const {
      const pe::Section* section = section_of(address);
      if (section == nullptr || (section->flags & pe::kSectionWritable) != 0) return manifest_writable();
      const auto text = file_.text(std::uint64_t{section->offset} + (address - section->address), MSP_MANIFEST_MAX,
                                   std::uint64_t{section->offset} + section->file_size);
      if (!text) return manifest_endless();
      return *text;
   }

 private:
   explicit PeLibrary(std::span<const std::byte> bytes) : file_(bytes) {}

   [[nodiscard]] Finding cut_off() const { return file_incomplete(file_.size()); }
   static Finding exports_damaged() { return file_damaged("export table"); }

   Result<void> read_headers() {
      std::uint64_t offset = file_.read<std::uint32_t>(pe::kHeaderOffsetAt).value_or(UINT32_MAX);
      const auto signature = file_.read<std::uint32_t>(offset);
      if (!signature) return cut_off();
      if (*signature != pe::kSignature) return file_is_no_library("Windows");
      offset += sizeof(pe::kSignature);
      const auto header = file_.read<pe::FileHeader>(offset);
      offset += sizeof(pe::FileHeader);
      const auto magic = file_.read<std::uint16_t>(offset);
      if (!header || !magic) return cut_off();
      header_ = *header;
      if (*magic == pe::kMagic32) return library_32_bit();
      if (header_.machine != kOwnPeMachine) return library_of_other_machine(pe_machine_name(header_.machine));
      if (*magic != pe::kMagic64 || header_.optional_size < sizeof(pe::OptionalHeader))
         return file_damaged("PE header");
      if ((header_.flags & pe::kFlagLibrary) == 0) return file_is_program();
      const auto optional = file_.read<pe::OptionalHeader>(offset);
      if (!optional) return cut_off();
      if (optional->directory_count > 0) directory_ = optional->export_directory;
      sections_ = offset + header_.optional_size;
      return has_its_end(*optional, offset) ? Result<void>() : cut_off();
   }

   // What linkers and signers put behind the last section: the file's end is missing when that is.
   [[nodiscard]] bool has_its_end(const pe::OptionalHeader& optional, std::uint64_t offset) const {
      if (header_.symbols != 0) {
         const std::uint64_t strings = header_.symbols + std::uint64_t{header_.symbol_count} * pe::kSymbolSize;
         const auto size = file_.read<std::uint32_t>(strings);
         if (!size || !file_.contains(strings, *size)) return false;
      }
      const std::uint64_t certificates = offset + pe::kCertificateDirectoryAt;
      if (optional.directory_count <= pe::kCertificateDirectory || certificates + sizeof(pe::Directory) > sections_)
         return true;
      const auto directory = file_.read<pe::Directory>(certificates);  // its address is an offset in the file
      return directory && file_.contains(directory->address, directory->size);
   }

   Result<void> read_sections() {
      if (header_.section_count > pe::kMaxSections) return file_damaged("PE header");
      for (std::uint64_t i = 0; i < header_.section_count; ++i) {
         const auto section = file_.read<pe::Section>(sections_ + i * sizeof(pe::Section));
         if (!section || !file_.contains(section->offset, section->file_size)) return cut_off();
         loaded_.push_back(*section);
      }
      return {};
   }

   Result<void> read_exports() {
      if (directory_.size == 0) return {};
      const auto at = offset_of(directory_.address);
      if (!at) return exports_damaged();
      const auto table = file_.read<pe::ExportTable>(*at);
      if (!table) return cut_off();
      exports_ = *table;
      if (exports_.name_count == 0) return {};
      const auto names = offset_of(exports_.names);
      if (!names || !file_.contains(*names, exports_.name_count, sizeof(std::uint32_t))) return exports_damaged();
      names_ = *names;
      return {};
   }

   [[nodiscard]] const pe::Section* section_of(std::uint32_t address) const {
      for (const pe::Section& section : loaded_) {
         if (address >= section.address && address - section.address < section.file_size) return &section;
      }
      return nullptr;
   }

   [[nodiscard]] std::optional<std::uint64_t> offset_of(std::uint32_t address) const {
      const pe::Section* section = section_of(address);
      if (section == nullptr) return std::nullopt;
      return std::uint64_t{section->offset} + (address - section->address);
   }

   // 0, which is no address, beyond the end.
   template <class T>
   [[nodiscard]] T entry(std::uint64_t table, std::uint64_t index) const {
      return file_.read<T>(table + index * sizeof(T)).value_or(0);
   }

   // An address within the export table is no address but the name of another library's symbol.
   [[nodiscard]] Result<std::optional<std::uint32_t>> export_address(std::uint64_t name_index) const {
      const auto ordinals = offset_of(exports_.ordinals);
      const auto functions = offset_of(exports_.functions);
      if (!ordinals || !functions) return exports_damaged();
      const auto ordinal = entry<std::uint16_t>(*ordinals, name_index);
      if (ordinal >= exports_.function_count) return exports_damaged();
      const auto address = entry<std::uint32_t>(*functions, ordinal);
      if (address >= directory_.address && address - directory_.address < directory_.size)
         return std::optional<std::uint32_t>();
      return std::optional(address);
   }

   ByteReader file_;
   pe::FileHeader header_{};
   pe::Directory directory_{};   // of the exports
   std::uint64_t sections_ = 0;  // offset of the table
   std::vector<pe::Section> loaded_;
   pe::ExportTable exports_{};
   std::uint64_t names_ = 0;  // offset of the exports' names
};

}  // namespace

Result<Preflight> preflight_pe(std::span<const std::byte> bytes) {
   const auto library = PeLibrary::read(bytes);
   if (!library) return library.finding();
   const auto manifest = library.value().find(MSP_MANIFEST_SYMBOL);
   if (!manifest) return manifest.finding();
   const auto entry = library.value().find(MSP_ENTRY_SYMBOL);
   if (!entry) return entry.finding();
   if (!manifest.value() || !entry.value())
      return exports_missing({manifest.value().has_value(), entry.value().has_value()});
   if (!library.value().is_function(*entry.value())) return entry_is_no_function();
   const auto text = library.value().manifest_text(*manifest.value());
   if (!text) return text.finding();
   // Windows searches what a library imports in its own and the program's directories only (loader_windows.cpp).
   return Preflight{text.value(), {}, {}};
}

}  // namespace msp::host
