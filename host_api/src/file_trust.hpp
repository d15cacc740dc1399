// file_trust.hpp - files and directories that nobody but this user and the system's administrator can change.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "msp/host/result.hpp"

namespace msp::host {

// The bytes of a regular file, opened and read once. Refuses links, files that others can change, and files longer than
// `max_bytes`. What was checked is what was read. [any-thread]
Result<std::string> read_trusted_file(const std::filesystem::path& file, std::size_t max_bytes);

// Why others decide what is in a directory; nothing when they do not. [any-thread]
std::optional<Problem> distrust_directory(const std::filesystem::path& directory);

// Makes a directory, and those above it, that only this user can enter. One that exists must be trusted. [any-thread]
std::optional<Problem> make_private_directory(const std::filesystem::path& directory);

// Writes a file that only this user can read and execute, and nobody change: whole or not at all, even when the power
// fails. Of several writers of one file each leaves it whole. [any-thread]
std::optional<Problem> write_private_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace msp::host
