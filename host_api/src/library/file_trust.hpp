// file_trust.hpp - files and directories that nobody but this user and the system's administrator can change.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "msp/host/result.hpp"

namespace msp::host {

// The bytes of a regular file, opened and read once. Refuses links, files that others can change, and files longer than
// `max_bytes`. What was checked is what was read. [any-thread]
Result<std::string> read_trusted_file(const std::filesystem::path& file, std::size_t max_bytes);

// Why others decide what is in a directory, or which one it is; nothing when they do not. [any-thread]
Result<void> distrust_directory(const std::filesystem::path& directory);

// What shows that a file is as it was when it was read: any change of bytes or rights changes it.
struct FileMark {
   std::uint64_t device = 0;
   std::uint64_t number = 0;
   std::uint64_t size = 0;
   std::int64_t written = 0;
   std::int64_t changed = 0;  // set by the system only
   auto operator<=>(const FileMark&) const = default;
};
// Of the file itself, if it is a link. Nothing when it cannot be looked at. [any-thread]
std::optional<FileMark> mark_of(const std::filesystem::path& file);

}  // namespace msp::host
