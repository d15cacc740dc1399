// plugin_store.hpp - the private copies that plugins are loaded from, each in a directory named after its SHA-256.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "msp/host/catalog.hpp"
#include "msp/host/result.hpp"

namespace msp::host {

// The longest library that is looked at.
constexpr std::size_t kMaxLibrarySize = 64UL * 1024 * 1024;

// Several processes may work on one store: a copy appears whole, and its name says what is in it. [any-thread]
class PluginStore {
 public:
   explicit PluginStore(std::filesystem::path directory);

   // The copy with this SHA-256, whose content nobody has looked at yet. It bears the name of the file as dropped.
   [[nodiscard]] std::optional<std::filesystem::path> find(std::string_view sha256) const;

   // The same when nobody else can change it; the problem says who can, or that there is none.
   [[nodiscard]] Result<std::filesystem::path> trusted(const std::string& sha256) const;

   // Finds the copy of the bytes with this SHA-256, or makes it from `file`, whose name it gets.
   Result<std::filesystem::path> keep(const std::filesystem::path& file, const std::string& sha256) const;

   static Finding copy_changed(const std::filesystem::path& file);

   // Removes the copies that no approval names and that are older than an hour.
   void remove_all_but(std::span<const Approval> approvals) const;

   // The bytes of a copy, proven to be those that `sha256` names.
   static Result<std::string> read(const std::filesystem::path& copy, const std::string& sha256);

 private:
   std::filesystem::path directory_;
};

// Whether the file has the suffix of this system's libraries.
[[nodiscard]] bool has_library_suffix(const std::filesystem::path& file);

}  // namespace msp::host
