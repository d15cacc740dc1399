#include "key_source.hpp"

#include <sodium.h>

#include <array>

#include "private_files.hpp"
#include "sealing.hpp"

namespace msp::console {

KeySource::KeySource(std::filesystem::path data_dir, std::filesystem::path credentials_directory)
    : file_(std::move(data_dir) / "key-encryption.key"),
      credential_(credentials_directory.empty() ? std::filesystem::path{}
                                                : std::move(credentials_directory) / "msp-console.kek") {}

host::Result<std::vector<host::SecretBytes>> KeySource::keys() const {
   std::vector<host::SecretBytes> keys;
   if (!credential_.empty()) {
      auto content = read_private_file(credential_);
      if (!content) return content.problem();
      if (content.value()) {
         auto key = parse_key(content.value()->view(), credential_);
         if (!key) return key.problem();
         keys.push_back(std::move(key).value());
      }
   }
   auto content = read_private_file(file_);
   if (!content) return content.problem();
   if (content.value()) {
      auto key = unprotect_key(*content.value(), file_);
      if (!key) return key.problem();
      keys.push_back(std::move(key).value());
   }
   return keys;
}

host::Result<host::SecretBytes> KeySource::create() const {
   auto protected_key = protect_key(new_key());
   if (!protected_key) return protected_key.problem();
   auto created = create_private_file(file_, protected_key.value());
   host::wipe(protected_key.value());
   if (!created) return created.problem();
   // Read back what is there now: ours, or the one of a process that was faster.
   auto content = read_private_file(file_);
   if (!content) return content.problem();
   if (!content.value()) {
      return host::Problem{"host.storage", "The key file \"" + file_.string() + "\" vanished right after it was made.",
                           "Make sure that nothing else works in the data directory, then try again."};
   }
   return unprotect_key(*content.value(), file_);
}

host::Result<host::SecretBytes> parse_key(std::string_view content, const std::filesystem::path& file) {
   if (content.size() == kKeyBytes) return host::SecretBytes(content);
   while (!content.empty() && (content.back() == '\n' || content.back() == '\r')) content.remove_suffix(1);
   std::string key(kKeyBytes, '\0');
   std::size_t size = 0;
   if (content.size() != 2 * kKeyBytes ||
       sodium_hex2bin(reinterpret_cast<unsigned char*>(key.data()), key.size(), content.data(), content.size(), nullptr,
                      &size, nullptr) != 0 ||
       size != kKeyBytes) {
      host::wipe(key);
      return host::Problem{"host.secret_unreadable", "The key file \"" + file.string() + "\" does not hold a key.",
                           "Put back the file that belongs to this data directory, from a backup."};
   }
   return host::SecretBytes::take(key);
}

}  // namespace msp::console
