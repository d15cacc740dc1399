// private_files.hpp - files that only their owner may read (private_files_posix.cpp, private_files_windows.cpp).
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "msp/host/result.hpp"
#include "msp/host/secret.hpp"

namespace msp::console {

// Creates the directory (0700) and those above it when it is not there. Refused when others may write into it. The
// problem names the first directory that cannot be made, and what this user can do.
host::Result<void> make_private_directory(const std::filesystem::path& directory);

// A file of ours with a wider mode gets 0600; what is no plain file or belongs to somebody else is refused. The file is
// not opened: closing it would end the locks that SQLite holds on it for this process.
host::Result<void> make_file_private(const std::filesystem::path& file);

enum class Links { refused, followed_when_trusted };

// The content of a small file; an empty optional when there is none. Refused when it is no plain file, belongs to
// somebody else, or others may read it: what others could read is no secret. A link is followed, if at all, where only
// its owner (this user or root) could have put another one in its place. Waits for nobody.
host::Result<std::optional<host::SecretBytes>> read_private_file(const std::filesystem::path& file,
                                                                 Links links = Links::refused);

// Writes a new file, whole or not at all, and for good also when the power fails; false when another process was first.
host::Result<bool> create_private_file(const std::filesystem::path& file, std::string_view content);

// `file` becomes what `by` was, at once and for good. `by` stays when that cannot be done.
host::Result<void> replace_private_file(const std::filesystem::path& by, const std::filesystem::path& file);

// No problem when there is none.
host::Result<void> remove_private_file(const std::filesystem::path& file);

}  // namespace msp::console
