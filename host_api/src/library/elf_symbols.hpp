// elf_symbols.hpp - the exported names of an ELF library, looked up as dlsym does.
#pragma once

#include <optional>
#include <string_view>

#include "library/elf_image.hpp"

namespace msp::host {

// Both kinds of hash table are followed only after every step through them was seen to stay within.
class ElfSymbols {
 public:
   static Result<ElfSymbols> read(const ElfImage& image);

   [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

   // The name at that offset into the strings; empty when there is none, or one longer than kLongestName.
   static constexpr std::uint64_t kLongestName = 4096;
   [[nodiscard]] std::string_view text(std::uint64_t name) const noexcept;
   [[nodiscard]] bool is_text(std::uint64_t name, std::string_view wanted) const noexcept;
   [[nodiscard]] bool begins_with(std::uint64_t name, std::string_view wanted) const noexcept;

   // REQUIRES: index < count().
   [[nodiscard]] elf::Symbol at(std::uint64_t index) const noexcept;

   // The symbol of that name which this library defines for others.
   [[nodiscard]] std::optional<elf::Symbol> find(std::string_view name) const noexcept;

 private:
   explicit ElfSymbols(const ByteReader& file) noexcept : file_(file) {}

   struct GnuTable {
      std::uint64_t buckets = 0;  // offsets in the file
      std::uint64_t chains = 0;
      std::uint32_t bucket_count = 0;
      std::uint32_t first_symbol = 0;
   };
   struct OldTable {
      std::uint64_t buckets = 0;
      std::uint64_t chains = 0;
      std::uint32_t bucket_count = 0;
   };

   Result<void> read_tables(const ElfImage& image);
   Result<void> read_gnu_table(const ElfImage& image, std::uint64_t address);
   Result<void> read_old_table(const ElfImage& image, std::uint64_t address);
   [[nodiscard]] std::optional<std::uint32_t> number(std::uint64_t table, std::uint64_t index) const noexcept;
   [[nodiscard]] std::optional<elf::Symbol> find_by_gnu_hash(std::string_view name) const noexcept;
   [[nodiscard]] std::optional<elf::Symbol> find_by_old_hash(std::string_view name) const noexcept;
   [[nodiscard]] std::optional<elf::Symbol> exported(std::uint64_t index, std::string_view name) const noexcept;

   ByteReader file_;
   std::optional<GnuTable> gnu_;  // dlsym uses the older table only when there is no other
   OldTable old_;
   std::uint64_t symbols_ = 0;  // offsets in the file
   std::uint64_t strings_ = 0;
   std::uint64_t strings_size_ = 0;
   std::uint64_t count_ = 0;
};

}  // namespace msp::host
