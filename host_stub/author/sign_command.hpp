// sign_command.hpp - `msp-plugin keygen`, `sign` and `verify`: the publisher's signature (docs/ABI.md).
#pragma once

#include <filesystem>
#include <string>

namespace msp::author {

// Writes a new key that only this user can read; a file that is there stays. Both say the public key.
int make_key(const std::filesystem::path& key_file);

// The file gets a signature, in place of one that it may have.
int sign_plugin(const std::filesystem::path& file, const std::filesystem::path& key_file);

// 0 when the signature fits the file, and is that publisher's; an empty `publisher` is anybody.
int verify_plugin(const std::filesystem::path& file, const std::string& publisher);

}  // namespace msp::author
