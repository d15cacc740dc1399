// key_source.hpp - where the key-encryption key comes from: a systemd credential, else a private file outside the
// database, which DPAPI protects on Windows.
#pragma once

#include <filesystem>
#include <vector>

#include "msp/host/result.hpp"
#include "msp/host/secret.hpp"

namespace msp::console {

class KeySource {
 public:
   // `credentials_directory` is systemd's $CREDENTIALS_DIRECTORY; empty: none.
   KeySource(std::filesystem::path data_dir, std::filesystem::path credentials_directory);

   // All keys that there are, the one for new data keys first. Empty when there is none.
   [[nodiscard]] host::Result<std::vector<host::SecretBytes>> keys() const;

   // Makes the key file, unless another process did it just now.
   host::Result<host::SecretBytes> create() const;

   [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }

 private:
   std::filesystem::path file_;
   std::filesystem::path credential_;
};

// How a key looks in its file (key_source_posix.cpp, key_source_windows.cpp).
host::Result<std::string> protect_key(const host::SecretBytes& key);
host::Result<host::SecretBytes> unprotect_key(const host::SecretBytes& content, const std::filesystem::path& file);

// A key written as 32 bytes or as 64 hex digits, which may end in a newline: what `openssl rand -hex 32` makes.
host::Result<host::SecretBytes> parse_key(std::string_view content, const std::filesystem::path& file);

}  // namespace msp::console
