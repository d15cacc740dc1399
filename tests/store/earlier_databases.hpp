// earlier_databases.hpp - data directories as earlier consoles left them, with secrets sealed in the first format.
#pragma once

#include <filesystem>

namespace msp::console::test {

// Writes console.db and key-encryption.key into the directory. In it are
//   1 "Integration with Autotask"  accepted, then a check that was throttled
//   2 "Kaseya"                     accepted, edited and accepted again, since then its credentials are refused
//   3 "No tickets"                 accepted, since then a right is missing
//   4 "Never checked since"        disabled; its history begins before its last change
void write_version_1(const std::filesystem::path& data_dir);

// The same, as the consoles of later versions had migrated it.
void write_version_2(const std::filesystem::path& data_dir);
void write_version_3(const std::filesystem::path& data_dir);
void write_version_4(const std::filesystem::path& data_dir);
void write_version_5(const std::filesystem::path& data_dir);
void write_version_6(const std::filesystem::path& data_dir);

}  // namespace msp::console::test
