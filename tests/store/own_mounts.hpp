// own_mounts.hpp - mounts that only one process of a test sees. Linux, and root, only.
#pragma once

#include <cstddef>
#include <filesystem>

namespace msp::console::test {

// Whether the functions below work here. A test that needs them is skipped where they do not.
bool may_mount();

// From now on, mounts are this process's own and go with it. For a child process. These throw std::system_error.
void enter_own_mounts();
// As containers do with a single file.
void mount_by_itself(const std::filesystem::path& file);
void mount_read_only(const std::filesystem::path& directory);
// An empty file system of this size in the place of the directory.
void mount_small(const std::filesystem::path& directory, std::size_t bytes);
// Leaves no byte of space on the file system of the directory.
void fill_up(const std::filesystem::path& directory);

}  // namespace msp::console::test
