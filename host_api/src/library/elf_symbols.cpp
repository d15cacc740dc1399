#include "library/elf_symbols.hpp"

#include <algorithm>
#include <bit>

namespace msp::host {
namespace {

Finding table_damaged() { return file_damaged("table of names"); }

}  // namespace

ElfSymbols::ElfSymbols(const ElfImage& image, const ElfDynamic& dynamic)
    : image_(image), strings_size_(dynamic.value(elf::kDynamicStringsSize)) {
   const std::uint64_t symbols = dynamic.value(elf::kDynamicSymbols);
   const std::uint64_t strings = dynamic.value(elf::kDynamicStrings);
   const std::uint64_t gnu_hash = dynamic.value(elf::kDynamicGnuHash);
   const std::uint64_t hash = dynamic.value(elf::kDynamicHash);
   if (symbols == 0 || strings == 0 || (hash == 0 && gnu_hash == 0)) throw file_damaged("dynamic section");
   strings_ = image_.offset_of(strings, strings_size_);
   // Whoever reads a name reads on to its NUL.
   if (strings_size_ != 0 && image_.file().read<char>(strings_ + strings_size_ - 1) != '\0') throw table_damaged();
   if (gnu_hash != 0)
      read_gnu_table(gnu_hash);
   else
      read_old_table(hash);
   if (count_ > image_.file().size()) throw table_damaged();
   symbols_ = image_.offset_of(symbols, count_ * sizeof(elf::Symbol));
}

// How many symbols there are follows from the table alone: the last chain that a bucket names ends with the last one.
// Only a library that exports nothing, and so is no plugin, has more.
void ElfSymbols::read_gnu_table(std::uint64_t address) {
   const auto header = image_.file().read<elf::GnuHashHeader>(image_.offset_of(address, sizeof(elf::GnuHashHeader)));
   // The loader masks with this count less one, and ends the process when that cannot be done.
   if (!std::has_single_bit(header.bloom_count)) throw table_damaged();
   const std::uint64_t buckets = sizeof header + std::uint64_t{header.bloom_count} * sizeof(std::uint64_t);
   const std::uint64_t chains = buckets + std::uint64_t{header.bucket_count} * sizeof(std::uint32_t);
   const std::uint64_t table = image_.offset_of(address, chains);
   gnu_ = GnuTable{table + buckets, table + chains, header.bucket_count, header.first_symbol};

   std::uint64_t last = 0;
   for (std::uint64_t i = 0; i < header.bucket_count; ++i) {
      const std::uint32_t first = number(gnu_->buckets, i);
      if (first != 0 && first < header.first_symbol) throw table_damaged();
      last = std::max<std::uint64_t>(last, first);
   }
   count_ = header.first_symbol;
   if (last == 0) return;
   // Ends with the file at the latest.
   while ((number(gnu_->chains, last - header.first_symbol) & 1U) == 0) ++last;
   count_ = last + 1;
   image_.offset_of(address, chains + (count_ - header.first_symbol) * sizeof(std::uint32_t));
}

// A chain may be a circle, in which dlsym would walk for ever. Each symbol belongs to one chain, and once.
void ElfSymbols::read_old_table(std::uint64_t address) {
   const auto header = image_.file().read<elf::HashHeader>(image_.offset_of(address, sizeof(elf::HashHeader)));
   const std::uint64_t chains = sizeof header + std::uint64_t{header.bucket_count} * sizeof(std::uint32_t);
   const std::uint64_t table =
       image_.offset_of(address, chains + std::uint64_t{header.chain_count} * sizeof(std::uint32_t));
   old_ = {table + sizeof header, table + chains, header.bucket_count};
   count_ = header.chain_count;

   std::vector<bool> seen(count_);
   for (std::uint64_t i = 0; i < header.bucket_count; ++i) {
      for (std::uint32_t index = number(old_.buckets, i); index != 0; index = number(old_.chains, index)) {
         if (index >= count_ || seen[index]) throw table_damaged();
         seen[index] = true;
      }
   }
}

std::uint32_t ElfSymbols::number(std::uint64_t table, std::uint64_t index) const {
   return image_.file().read<std::uint32_t>(table + index * sizeof(std::uint32_t));
}

std::string_view ElfSymbols::text(std::uint64_t name) const noexcept {
   if (name >= strings_size_) return {};
   return image_.file().text(strings_ + name, kLongestName + 1, strings_ + strings_size_).value_or("");
}

// Looks no further than `wanted` is long: the strings of a hostile file may be one long name, asked for again and
// again.
bool ElfSymbols::is_text(std::uint64_t name, std::string_view wanted) const noexcept {
   return name < strings_size_ &&
          image_.file().text(strings_ + name, wanted.size() + 1, strings_ + strings_size_) == wanted;
}

bool ElfSymbols::begins_with(std::uint64_t name, std::string_view wanted) const noexcept {
   return name < strings_size_ && image_.file().holds(strings_ + name, wanted);
}

elf::Symbol ElfSymbols::at(std::uint64_t index) const {
   return image_.file().read<elf::Symbol>(symbols_ + index * sizeof(elf::Symbol));
}

std::optional<elf::Symbol> ElfSymbols::find(std::string_view name) const {
   return gnu_ ? find_by_gnu_hash(name) : find_by_old_hash(name);
}

std::optional<elf::Symbol> ElfSymbols::find_by_gnu_hash(std::string_view name) const {
   if (gnu_->bucket_count == 0) return std::nullopt;
   const std::uint32_t hash = elf::gnu_hash(name);
   std::uint64_t index = number(gnu_->buckets, hash % gnu_->bucket_count);
   if (index == 0) return std::nullopt;
   for (;; ++index) {
      const std::uint32_t link = number(gnu_->chains, index - gnu_->first_symbol);
      if ((link | 1U) == (hash | 1U)) {
         if (const auto symbol = exported(index, name)) return symbol;
      }
      if ((link & 1U) != 0) return std::nullopt;
   }
}

std::optional<elf::Symbol> ElfSymbols::find_by_old_hash(std::string_view name) const {
   if (old_.bucket_count == 0) return std::nullopt;
   std::uint32_t index = number(old_.buckets, elf::sysv_hash(name) % old_.bucket_count);
   for (; index != 0; index = number(old_.chains, index)) {
      if (const auto symbol = exported(index, name)) return symbol;
   }
   return std::nullopt;
}

std::optional<elf::Symbol> ElfSymbols::exported(std::uint64_t index, std::string_view name) const {
   const elf::Symbol symbol = at(index);
   if (symbol.section == elf::kSectionUndefined || elf::binding(symbol) == elf::kBindingLocal) return std::nullopt;
   return is_text(symbol.name, name) ? std::optional(symbol) : std::nullopt;
}

}  // namespace msp::host
