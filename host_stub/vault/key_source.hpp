// key_source.hpp - where the key-encryption key comes from: a systemd credential, else a private file outside the
// database, which DPAPI protects on Windows.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "msp/host/result.hpp"
#include "msp/host/secret.hpp"

namespace msp::console {

struct KeyEncryptionKey {
   enum class From { credential, file, next_file };
   From from;
   std::filesystem::path path;
   host::SecretBytes bytes;
   std::string fingerprint;
};

// Who makes or replaces a key file holds a Store::Change meanwhile, so that no two processes do it at once.
// [any-thread]
class KeySource {
 public:
   // `credentials_directory` is systemd's $CREDENTIALS_DIRECTORY; empty: none.
   KeySource(const std::filesystem::path& data_dir, const std::filesystem::path& credentials_directory);

   // All keys that there are: the credential, the file, and the next file of a rotation under way. The first one is
   // for new data keys.
   [[nodiscard]] host::Result<std::vector<KeyEncryptionKey>> keys() const;

   // The key for new data keys; makes the key file when there is no key at all.
   [[nodiscard]] host::Result<KeyEncryptionKey> present_or_new() const;

   // The key that a rotation goes over to: the credential, which only the administrator can replace, else the one in
   // the next file. That is made, unless an interrupted rotation left one.
   [[nodiscard]] host::Result<KeyEncryptionKey> next() const;
   [[nodiscard]] bool has_next_file() const;
   // Whether adopt_next() will work, found out by doing the same with a copy of the key file: one that is mounted by
   // itself, or lies in a directory that may not be written, cannot be replaced. Changes nothing but the file's inode.
   [[nodiscard]] host::Result<void> prove_replaceable() const;
   // The next file takes the place of the key file; where that holds the same key already, the next file goes.
   // REQUIRES: there is a next file, and nothing needs another key that the key file holds.
   [[nodiscard]] host::Result<void> adopt_next() const;
   // REQUIRES: nothing needs the next file.
   [[nodiscard]] host::Result<void> drop_next() const;
   [[nodiscard]] host::Result<bool> has_credential() const;

   [[nodiscard]] host::Finding missing_key(const std::string& summary) const;

 private:
   [[nodiscard]] host::Result<KeyEncryptionKey> make(KeyEncryptionKey::From from) const;
   [[nodiscard]] host::Result<void> read(KeyEncryptionKey::From from, std::vector<KeyEncryptionKey>& keys) const;
   [[nodiscard]] const std::filesystem::path& path(KeyEncryptionKey::From from) const;

   std::filesystem::path file_;
   std::filesystem::path next_file_;
   std::filesystem::path trial_file_;
   std::filesystem::path credential_;
};

// How a key looks in its file (key_source_posix.cpp, key_source_windows.cpp).
host::Result<std::string> protect_key(const host::SecretBytes& key);
host::Result<host::SecretBytes> unprotect_key(const host::SecretBytes& content, const std::filesystem::path& file);

// A key written as 32 bytes or as 64 hex digits, which may end in a newline: what `openssl rand -hex 32` makes.
host::Result<host::SecretBytes> parse_key(std::string_view content, const std::filesystem::path& file);

}  // namespace msp::console
