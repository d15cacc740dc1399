#include <windows.h>

// These need what the one above declares.
#include <wincrypt.h>

#include <dpapi.h>

#include "vault/key_source.hpp"

namespace msp::console {
namespace {

DATA_BLOB blob(std::string_view bytes) {
   return {static_cast<DWORD>(bytes.size()), reinterpret_cast<BYTE*>(const_cast<char*>(bytes.data()))};
}

}  // namespace

host::Result<std::string> protect_key(const host::SecretBytes& key) {
   DATA_BLOB plain = blob(key.view());
   DATA_BLOB sealed{};
   if (!::CryptProtectData(&plain, L"msp-console", nullptr, nullptr, nullptr, CRYPTPROTECT_UI_FORBIDDEN, &sealed)) {
      return host::Finding{"host.storage", "Windows could not protect the console's key.",
                           "Sign in with a full user profile, then try again."};
   }
   std::string content(reinterpret_cast<const char*>(sealed.pbData), sealed.cbData);
   ::LocalFree(sealed.pbData);
   return content;
}

host::Result<host::SecretBytes> unprotect_key(const host::SecretBytes& content, const std::filesystem::path& file) {
   DATA_BLOB sealed = blob(content.view());
   DATA_BLOB plain{};
   if (!::CryptUnprotectData(&sealed, nullptr, nullptr, nullptr, nullptr, CRYPTPROTECT_UI_FORBIDDEN, &plain)) {
      return host::Finding{"host.secret_unreadable",
                           "Windows could not open the key file \"" + file.string() + "\" for this user.",
                           "Run the console as the user who created it, on the same machine."};
   }
   auto key = parse_key({reinterpret_cast<const char*>(plain.pbData), plain.cbData}, file);
   ::SecureZeroMemory(plain.pbData, plain.cbData);
   ::LocalFree(plain.pbData);
   return key;
}

}  // namespace msp::console
