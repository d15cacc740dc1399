#include "author/sign_command.hpp"

#include <sodium.h>

#include <array>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string_view>

#include "author/subject.hpp"
#include "core/publisher.hpp"
#include "msp/host/private_files.hpp"
#include "msp/host/secret.hpp"

namespace msp::author {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKeyMark = "msp-signing-key/1 ";
constexpr std::size_t kTrailer = console::kSignatureMark.size() + crypto_sign_PUBLICKEYBYTES + crypto_sign_BYTES;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
std::string_view text(const unsigned char* bytes, std::size_t size) {
   return {reinterpret_cast<const char*>(bytes), size};
}

void start_sodium() {
   if (sodium_init() < 0) throw std::runtime_error("The cryptographic library cannot be started.");
}

// A key pair, wiped when it goes.
class Key {
 public:
   static Key make() {
      std::array<unsigned char, crypto_sign_SEEDBYTES> seed{};
      randombytes_buf(seed.data(), seed.size());
      return Key(seed);
   }

   static Key read(const fs::path& file) {
      std::string line = read_text(file);
      std::array<unsigned char, crypto_sign_SEEDBYTES> seed{};
      std::size_t size = 0;
      const bool fits =
          line.starts_with(kKeyMark) &&
          sodium_base642bin(seed.data(), seed.size(), line.data() + kKeyMark.size(), line.size() - kKeyMark.size(),
                            "\r\n", &size, nullptr, sodium_base64_VARIANT_ORIGINAL) == 0 &&
          size == seed.size();
      host::wipe(line);
      if (!fits) throw std::runtime_error("\"" + file.string() + "\" holds no key. msp-plugin keygen makes one.");
      return Key(seed);
   }

   Key(const Key&) = delete;
   Key& operator=(const Key&) = delete;
   ~Key() { host::wipe(secret_.data(), secret_.size()); }

   // Throws std::runtime_error.
   void write(const fs::path& file) const {
      std::array<char, sodium_base64_ENCODED_LEN(crypto_sign_SEEDBYTES, sodium_base64_VARIANT_ORIGINAL)> seed{};
      // The secret key begins with the seed that it was made of.
      sodium_bin2base64(seed.data(), seed.size(), secret_.data(), crypto_sign_SEEDBYTES,
                        sodium_base64_VARIANT_ORIGINAL);
      std::string line = std::string(kKeyMark) + seed.data() + '\n';
      const std::error_code error =
          host::write_private_file(fs::absolute(file), line, host::Access::read_and_write, host::IfThere::leave);
      host::wipe(line);
      host::wipe(seed.data(), seed.size());
      if (error == std::errc::file_exists)
         throw std::runtime_error("\"" + file.string() + "\" is there, and stays as it is. Name a new file.");
      if (error) throw std::runtime_error("\"" + file.string() + "\" cannot be written: " + error.message() + '.');
   }

   [[nodiscard]] std::string sign(std::string plugin) const {
      plugin += console::kSignatureMark;
      plugin += text(public_.data(), public_.size());
      std::array<unsigned char, crypto_sign_BYTES> signature{};
      crypto_sign_detached(signature.data(), nullptr, bytes(plugin), plugin.size(), secret_.data());
      return plugin += text(signature.data(), signature.size());
   }

 private:
   explicit Key(std::array<unsigned char, crypto_sign_SEEDBYTES>& seed) {
      crypto_sign_seed_keypair(public_.data(), secret_.data(), seed.data());
      host::wipe(seed.data(), seed.size());
   }

   std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_{};
   std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret_{};
};

// Beside it first, so that the file is whole at any time, also while a console looks at it.
void replace(const fs::path& file, const std::string& content) {
   fs::path fresh = file;
   fresh += ".signing";
   std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
   out << content;
   out.close();
   std::error_code error;
   fs::permissions(fresh, fs::status(file).permissions(), error);
   if (out) fs::rename(fresh, file, error);
   if (out && !error) return;
   fs::remove(fresh, error);
   throw std::runtime_error("\"" + file.string() + "\" cannot be written.");
}

}  // namespace

int make_key(const fs::path& key_file) {
   start_sodium();
   const Key key = Key::make();
   key.write(key_file);
   std::cout << "Publisher: " << console::publisher_of(key.sign(""))->key
             << "\nKeep the file, and keep it secret: who has it signs in your name, and without it no update is known "
                "to be yours.\n";
   return 0;
}

int sign_plugin(const fs::path& file, const fs::path& key_file) {
   start_sodium();
   const Key key = Key::read(key_file);
   std::string plugin = read_text(file);
   if (console::publisher_of(plugin)) plugin.resize(plugin.size() - kTrailer);
   const std::string signed_plugin = key.sign(std::move(plugin));
   replace(file, signed_plugin);
   std::cout << "Publisher: " << console::publisher_of(signed_plugin)->key << '\n';
   return 0;
}

int verify_plugin(const fs::path& file, const std::string& publisher) {
   start_sodium();
   const auto found = console::publisher_of(read_text(file));
   const std::string name = '"' + file.string() + '"';
   if (!found) {
      std::cerr << name << " is not signed.\n";
      return 1;
   }
   if (!found->genuine) {
      std::cerr << name << " was changed after it was signed, or its signature is made up.\n";
      return 1;
   }
   if (!publisher.empty() && found->key != publisher) {
      std::cerr << name << " is signed by another publisher: " << found->key << ".\n";
      return 1;
   }
   std::cout << "Publisher: " << found->key << '\n';
   return 0;
}

}  // namespace msp::author
