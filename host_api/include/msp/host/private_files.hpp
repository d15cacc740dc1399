// msp/host/private_files.hpp - writes files that are one user's alone. It has no words for what fails: its callers know
// what the file is for.
#pragma once

#include <filesystem>
#include <string_view>
#include <system_error>

namespace msp::host {

// Makes a directory, and those above it, that only this user can enter. One that exists stays as it is. On an error
// `failed` is the first directory, from above, that cannot be made. [any-thread]
std::error_code make_private_directories(const std::filesystem::path& directory, std::filesystem::path& failed);

enum class Access { read_and_write, read_and_execute };
enum class IfThere { replace, leave };

// Writes a file that only this user has access to: whole or not at all, and for good also when the power fails. Of
// several writers at once, one wins whole. With `leave`, std::errc::file_exists when there is such a file. [any-thread]
std::error_code write_private_file(const std::filesystem::path& file, std::string_view bytes, Access access,
                                   IfThere if_there);

// `file` becomes what `by` was, at once and for good. `by` stays when that cannot be done. [any-thread]
std::error_code replace_private_file(const std::filesystem::path& by, const std::filesystem::path& file);

// No error when there is none. [any-thread]
std::error_code remove_private_file(const std::filesystem::path& file);

}  // namespace msp::host
