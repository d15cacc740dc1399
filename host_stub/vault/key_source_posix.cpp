#include <sodium.h>

#include "vault/key_source.hpp"

namespace msp::console {

host::Result<std::string> protect_key(const host::SecretBytes& key) {
   std::string hex(2 * key.size() + 1, '\0');
   sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(key.view().data()), key.size());
   hex.back() = '\n';
   return hex;
}

host::Result<host::SecretBytes> unprotect_key(const host::SecretBytes& content, const std::filesystem::path& file) {
   return parse_key(content.view(), file);
}

}  // namespace msp::console
