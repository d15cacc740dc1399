#include "library/elf_symbols.hpp"

#include <algorithm>

#include "library/preflight_problem.hpp"

namespace msp::host {
namespace {

Finding table_damaged() { return file_damaged("table of names"); }
Finding dynamic_section_damaged() { return file_damaged("dynamic section"); }

}  // namespace

Result<ElfSymbols> ElfSymbols::read(const ElfImage& image) {
   ElfSymbols symbols(image.file());
   if (auto done = symbols.read_tables(image); !done) return done.finding();
   return symbols;
}

Result<void> ElfSymbols::read_tables(const ElfImage& image) {
   const std::uint64_t address = image.dynamic_value(elf::kDynamicSymbols);
   const std::uint64_t gnu_hash = image.dynamic_value(elf::kDynamicGnuHash);
   const std::uint64_t hash = image.dynamic_value(elf::kDynamicHash);
   strings_size_ = image.dynamic_value(elf::kDynamicStringsSize);
   const auto strings = image.offset_of(image.dynamic_value(elf::kDynamicStrings), strings_size_);
   if (address == 0 || !strings || (hash == 0 && gnu_hash == 0)) return dynamic_section_damaged();
   strings_ = *strings;
   // Whoever reads a name reads on to its NUL.
   if (strings_size_ != 0 && !file_.holds(strings_ + strings_size_ - 1, {"", 1})) return table_damaged();
   if (auto done = gnu_hash != 0 ? read_gnu_table(image, gnu_hash) : read_old_table(image, hash); !done) return done;
   if (count_ > file_.size()) return table_damaged();
   const auto symbols = image.offset_of(address, count_ * sizeof(elf::Symbol));
   if (!symbols) return dynamic_section_damaged();
   symbols_ = *symbols;
   return {};
}

// How many symbols there are follows from the table alone: the last chain that a bucket names ends with the last one.
// Only a library that exports nothing, and so is no plugin, has more.
Result<void> ElfSymbols::read_gnu_table(const ElfImage& image, std::uint64_t address) {
   const auto at = image.offset_of(address, sizeof(elf::GnuHashHeader));
   if (!at) return dynamic_section_damaged();
   const auto header = file_.read<elf::GnuHashHeader>(*at).value_or(elf::GnuHashHeader{});
   const std::uint64_t buckets = sizeof header + std::uint64_t{header.bloom_count} * sizeof(std::uint64_t);
   const std::uint64_t chains = buckets + std::uint64_t{header.bucket_count} * sizeof(std::uint32_t);
   if (!image.offset_of(address, chains)) return dynamic_section_damaged();
   gnu_ = GnuTable{*at + buckets, *at + chains, header.bucket_count, header.first_symbol};

   std::uint64_t last = 0;
   for (std::uint64_t i = 0; i < header.bucket_count; ++i) {
      const std::uint64_t first = number(gnu_->buckets, i).value_or(0);
      if (first != 0 && first < header.first_symbol) return table_damaged();
      last = std::max(last, first);
   }
   count_ = header.first_symbol;
   if (last == 0) return {};
   for (;; ++last) {
      const auto link = number(gnu_->chains, last - header.first_symbol);
      if (!link) return file_incomplete(file_.size());
      if ((*link & 1U) != 0) break;
   }
   count_ = last + 1;
   if (!image.offset_of(address, chains + (count_ - header.first_symbol) * sizeof(std::uint32_t)))
      return dynamic_section_damaged();
   return {};
}

// A chain may be a circle, in which a look-up would walk for ever. Each symbol belongs to one chain, and once.
Result<void> ElfSymbols::read_old_table(const ElfImage& image, std::uint64_t address) {
   const auto at = image.offset_of(address, sizeof(elf::HashHeader));
   if (!at) return dynamic_section_damaged();
   const auto header = file_.read<elf::HashHeader>(*at).value_or(elf::HashHeader{});
   const std::uint64_t chains = sizeof header + std::uint64_t{header.bucket_count} * sizeof(std::uint32_t);
   if (!image.offset_of(address, chains + std::uint64_t{header.chain_count} * sizeof(std::uint32_t)))
      return dynamic_section_damaged();
   old_ = {*at + sizeof header, *at + chains, header.bucket_count};
   count_ = header.chain_count;

   std::vector<bool> seen(count_);
   for (std::uint64_t i = 0; i < header.bucket_count; ++i) {
      for (std::uint32_t index = number(old_.buckets, i).value_or(0); index != 0;
           index = number(old_.chains, index).value_or(0)) {
         if (index >= count_ || seen[index]) return table_damaged();
         seen[index] = true;
      }
   }
   return {};
}

std::optional<std::uint32_t> ElfSymbols::number(std::uint64_t table, std::uint64_t index) const noexcept {
   return file_.read<std::uint32_t>(table + index * sizeof(std::uint32_t));
}

std::string_view ElfSymbols::text(std::uint64_t name) const noexcept {
   if (name >= strings_size_) return {};
   return file_.text(strings_ + name, kLongestName + 1, strings_ + strings_size_).value_or("");
}

// Looks no further than `wanted` is long: the strings of a hostile file may be one long name, asked for again and
// again.
bool ElfSymbols::is_text(std::uint64_t name, std::string_view wanted) const noexcept {
   return name < strings_size_ && file_.text(strings_ + name, wanted.size() + 1, strings_ + strings_size_) == wanted;
}

bool ElfSymbols::begins_with(std::uint64_t name, std::string_view wanted) const noexcept {
   return name < strings_size_ && file_.holds(strings_ + name, wanted);
}

elf::Symbol ElfSymbols::at(std::uint64_t index) const noexcept {
   return file_.read<elf::Symbol>(symbols_ + index * sizeof(elf::Symbol)).value_or(elf::Symbol{});
}

std::optional<elf::Symbol> ElfSymbols::find(std::string_view name) const noexcept {
   return gnu_ ? find_by_gnu_hash(name) : find_by_old_hash(name);
}

std::optional<elf::Symbol> ElfSymbols::find_by_gnu_hash(std::string_view name) const noexcept {
   if (gnu_->bucket_count == 0) return std::nullopt;
   const std::uint32_t hash = elf::gnu_hash(name);
   std::uint64_t index = number(gnu_->buckets, hash % gnu_->bucket_count).value_or(0);
   if (index == 0) return std::nullopt;
   for (;; ++index) {
      const std::uint32_t link = number(gnu_->chains, index - gnu_->first_symbol).value_or(1);
      if ((link | 1U) == (hash | 1U)) {
         if (const auto symbol = exported(index, name)) return symbol;
      }
      if ((link & 1U) != 0) return std::nullopt;
   }
}

std::optional<elf::Symbol> ElfSymbols::find_by_old_hash(std::string_view name) const noexcept {
   if (old_.bucket_count == 0) return std::nullopt;
   std::uint32_t index = number(old_.buckets, elf::sysv_hash(name) % old_.bucket_count).value_or(0);
   for (; index != 0; index = number(old_.chains, index).value_or(0)) {
      if (const auto symbol = exported(index, name)) return symbol;
   }
   return std::nullopt;
}

std::optional<elf::Symbol> ElfSymbols::exported(std::uint64_t index, std::string_view name) const noexcept {
   const elf::Symbol symbol = at(index);
   if (symbol.section == elf::kSectionUndefined || elf::binding(symbol) == elf::kBindingLocal) return std::nullopt;
   return is_text(symbol.name, name) ? std::optional(symbol) : std::nullopt;
}

}  // namespace msp::host
