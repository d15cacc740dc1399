#include "vault/key_source.hpp"

#include <sodium.h>

#include <algorithm>

#include "store/private_files.hpp"
#include "vault/sealing.hpp"

namespace msp::console {

using From = KeyEncryptionKey::From;

KeySource::KeySource(const std::filesystem::path& data_dir, const std::filesystem::path& credentials_directory)
    : file_(data_dir / "key-encryption.key"),
      next_file_(data_dir / "key-encryption.key.next"),
      trial_file_(data_dir / "key-encryption.key.trial"),
      credential_(credentials_directory.empty() ? std::filesystem::path{} : credentials_directory / "msp-console.kek") {
}

const std::filesystem::path& KeySource::path(From from) const {
   return from == From::credential ? credential_ : from == From::file ? file_ : next_file_;
}

// Adds the key to `keys` when there is one.
host::Result<void> KeySource::read(From from, std::vector<KeyEncryptionKey>& keys) const {
   const std::filesystem::path& place = path(from);
   if (place.empty()) return {};
   auto content = read_private_file(place, from == From::credential ? Links::followed_when_trusted : Links::refused);
   if (!content) return content.finding();
   if (!content.value()) return {};
   auto key =
       from == From::credential ? parse_key(content.value()->view(), place) : unprotect_key(*content.value(), place);
   if (!key) return key.finding();
   std::string its_fingerprint = fingerprint(key.value());
   keys.push_back({from, place, std::move(key).value(), std::move(its_fingerprint)});
   return {};
}

host::Result<std::vector<KeyEncryptionKey>> KeySource::keys() const {
   std::vector<KeyEncryptionKey> keys;
   // The next file first: when it has just become the key file, that is read afterwards.
   for (const From from : {From::next_file, From::file, From::credential}) {
      if (auto done = read(from, keys); !done) return done.finding();
   }
   std::ranges::reverse(keys);
   return keys;
}

host::Result<KeyEncryptionKey> KeySource::present_or_new() const {
   auto present = keys();
   if (!present) return present.finding();
   if (present.value().empty()) return make(From::file);
   return std::move(present.value().front());
}

host::Result<KeyEncryptionKey> KeySource::next() const {
   std::vector<KeyEncryptionKey> found;
   for (const From from : {From::credential, From::next_file}) {
      if (auto done = read(from, found); !done) return done.finding();
      if (!found.empty()) return std::move(found.front());
   }
   return make(From::next_file);
}

bool KeySource::has_next_file() const {
   std::error_code error;
   return std::filesystem::exists(next_file_, error);
}

host::Result<void> KeySource::prove_replaceable() const {
   auto content = read_private_file(file_);
   if (!content) return content.finding();
   if (!content.value()) return {};
   // What a killed trial left.
   auto replaced = remove_private_file(trial_file_);
   if (replaced) {
      auto created = create_private_file(trial_file_, content.value()->view());
      replaced = created ? replace_private_file(trial_file_, file_) : created.finding();
   }
   if (replaced) return {};
   static_cast<void>(remove_private_file(trial_file_));
   host::Finding problem = replaced.finding();
   problem.summary = "The keys were not rotated, and nothing was changed. " + problem.summary;
   problem.remedy +=
       " Or give the console a new key (openssl rand -hex 32) as the file msp-console.kek in the directory that "
       "$CREDENTIALS_DIRECTORY names, beside the present key file. Then rotate again.";
   return problem;
}

host::Result<void> KeySource::adopt_next() const {
   std::vector<KeyEncryptionKey> both;
   for (const From from : {From::file, From::next_file}) {
      if (auto done = read(from, both); !done) return done;
   }
   const bool same = both.size() == 2 && both[0].fingerprint == both[1].fingerprint;
   const auto replaced = same ? remove_private_file(next_file_) : replace_private_file(next_file_, file_);
   if (replaced) return {};
   host::Finding problem = replaced.finding();
   problem.summary = "Every secret is sealed with the key in \"" + next_file_.string() +
                     "\", which could not take the place of the key file. " + problem.summary;
   problem.remedy = "Keep that file: it is the key now. Copy what it holds into the key file \"" + file_.string() +
                    "\", or mend this, then rotate again: " + problem.remedy;
   return problem;
}

host::Result<void> KeySource::drop_next() const { return remove_private_file(next_file_); }

host::Result<bool> KeySource::has_credential() const {
   std::vector<KeyEncryptionKey> found;
   if (auto done = read(From::credential, found); !done) return done.finding();
   return !found.empty();
}

host::Result<KeyEncryptionKey> KeySource::make(From from) const {
   const std::filesystem::path& place = path(from);
   auto protected_key = protect_key(new_key());
   if (!protected_key) return protected_key.finding();
   auto created = create_private_file(place, protected_key.value());
   host::wipe(protected_key.value());
   if (!created) return created.finding();
   // Read back what will be read from now on.
   std::vector<KeyEncryptionKey> made;
   if (auto done = read(from, made); !done) return done.finding();
   if (made.empty()) {
      return host::Finding{"host.storage", "The key file \"" + place.string() + "\" vanished right after it was made.",
                           "Make sure that nothing else works in the data directory, then try again."};
   }
   return std::move(made.front());
}

host::Finding KeySource::missing_key(const std::string& summary) const {
   return {"host.secret_unreadable", summary,
           "Put back the key file \"" + file_.string() +
               "\" from a backup (or the systemd credential msp-console.kek); without it, remove every integration "
               "whose secrets do not open, then add them again."};
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
      return host::Finding{"host.secret_unreadable", "The key file \"" + file.string() + "\" does not hold a key.",
                           "Put back the file that belongs to this data directory, from a backup."};
   }
   return host::SecretBytes::take(key);
}

}  // namespace msp::console
