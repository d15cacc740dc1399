// Signatures by CNG. Windows has no Ed25519 that every supported version knows.
#include <windows.h>
// after windows.h
#include <bcrypt.h>
#include <wincrypt.h>

#include <string>

#include "base/digest.hpp"
#include "base/private_key.hpp"

namespace msp::host {
namespace {

constexpr DWORD kNumberOfP256 = 32;  // bytes

// The bytes between the lines BEGIN and END of the first block whose name ends so; empty without one.
std::vector<BYTE> block(std::string_view pem, std::string_view name) {
   const std::size_t begin = pem.find("-----BEGIN " + std::string(name) + "-----");
   if (begin == std::string_view::npos) return {};
   const std::size_t end = pem.find("-----END " + std::string(name) + "-----", begin);
   if (end == std::string_view::npos) return {};
   const std::string text(pem.substr(begin, end - begin + name.size() + 14));
   DWORD size = 0;
   if (!::CryptStringToBinaryA(text.c_str(), static_cast<DWORD>(text.size()), CRYPT_STRING_BASE64HEADER, nullptr, &size,
                               nullptr, nullptr))
      return {};
   std::vector<BYTE> bytes(size);
   if (!::CryptStringToBinaryA(text.c_str(), static_cast<DWORD>(text.size()), CRYPT_STRING_BASE64HEADER, bytes.data(),
                               &size, nullptr, nullptr))
      return {};
   bytes.resize(size);
   return bytes;
}

// What wincrypt makes of DER; empty when it is something else.
std::vector<BYTE> decoded(const char* what, const BYTE* der, DWORD size) {
   DWORD needed = 0;
   if (!::CryptDecodeObjectEx(X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, what, der, size, 0, nullptr, nullptr, &needed))
      return {};
   std::vector<BYTE> bytes(needed);
   if (!::CryptDecodeObjectEx(X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, what, der, size, 0, nullptr, bytes.data(),
                              &needed))
      return {};
   return bytes;
}

struct Key {
   std::vector<BYTE> rsa;  // as BCRYPT_RSAPRIVATE_BLOB
   std::vector<BYTE> ec;   // as BCRYPT_ECCPRIVATE_BLOB of P-256
};

void read_ec(const std::vector<BYTE>& bytes, Key& key) {
   if (bytes.size() < sizeof(CRYPT_ECC_PRIVATE_KEY_INFO)) return;
   const auto& info = *reinterpret_cast<const CRYPT_ECC_PRIVATE_KEY_INFO*>(bytes.data());
   // The public point, uncompressed: 04, x, y.
   if (info.PrivateKey.cbData != kNumberOfP256 || info.PublicKey.cbData != 2 * kNumberOfP256 + 1) return;
   BCRYPT_ECCKEY_BLOB head{BCRYPT_ECDSA_PRIVATE_P256_MAGIC, kNumberOfP256};
   const auto* begin = reinterpret_cast<const BYTE*>(&head);
   key.ec.assign(begin, begin + sizeof head);
   key.ec.insert(key.ec.end(), info.PublicKey.pbData + 1, info.PublicKey.pbData + info.PublicKey.cbData);
   key.ec.insert(key.ec.end(), info.PrivateKey.pbData, info.PrivateKey.pbData + info.PrivateKey.cbData);
}

Key read_key(std::string_view pem) {
   Key key;
   if (const auto pkcs8 = block(pem, "PRIVATE KEY"); !pkcs8.empty()) {
      const auto bytes = decoded(PKCS_PRIVATE_KEY_INFO, pkcs8.data(), static_cast<DWORD>(pkcs8.size()));
      if (bytes.empty()) return key;
      const auto& info = *reinterpret_cast<const CRYPT_PRIVATE_KEY_INFO*>(bytes.data());
      const std::string kind = info.Algorithm.pszObjId;
      if (kind == szOID_RSA_RSA)
         key.rsa = decoded(CNG_RSA_PRIVATE_KEY_BLOB, info.PrivateKey.pbData, info.PrivateKey.cbData);
      else if (kind == szOID_ECC_PUBLIC_KEY)
         read_ec(decoded(X509_ECC_PRIVATE_KEY, info.PrivateKey.pbData, info.PrivateKey.cbData), key);
   } else if (const auto rsa = block(pem, "RSA PRIVATE KEY"); !rsa.empty()) {
      key.rsa = decoded(CNG_RSA_PRIVATE_KEY_BLOB, rsa.data(), static_cast<DWORD>(rsa.size()));
   } else if (const auto ec = block(pem, "EC PRIVATE KEY"); !ec.empty()) {
      read_ec(decoded(X509_ECC_PRIVATE_KEY, ec.data(), static_cast<DWORD>(ec.size())), key);
   }
   return key;
}

class Handles {
 public:
   Handles(LPCWSTR algorithm, LPCWSTR kind, std::vector<BYTE>& blob) {
      if (::BCryptOpenAlgorithmProvider(&provider_, algorithm, nullptr, 0) != 0) return;
      if (::BCryptImportKeyPair(provider_, nullptr, kind, &key_, blob.data(), static_cast<ULONG>(blob.size()), 0) != 0)
         key_ = nullptr;
   }
   ~Handles() {
      if (key_ != nullptr) ::BCryptDestroyKey(key_);
      if (provider_ != nullptr) ::BCryptCloseAlgorithmProvider(provider_, 0);
   }
   Handles(const Handles&) = delete;
   Handles& operator=(const Handles&) = delete;

   [[nodiscard]] BCRYPT_KEY_HANDLE key() const noexcept { return key_; }

 private:
   BCRYPT_ALG_HANDLE provider_ = nullptr;
   BCRYPT_KEY_HANDLE key_ = nullptr;
};

}  // namespace

Signature sign(SignatureAlgorithm algorithm, std::string_view pem, std::span<const std::byte> data) {
   if (algorithm == SignatureAlgorithm::eddsa) return {SigningFault::other_kind, {}};
   if (pem.find("ENCRYPTED") != std::string_view::npos) return {SigningFault::encrypted_key, {}};
   Key key = read_key(pem);
   const bool has_key = !key.rsa.empty() || !key.ec.empty();
   const bool is_ec = algorithm == SignatureAlgorithm::es256;
   if (!has_key) return {SigningFault::no_key, {}};
   if ((is_ec ? key.ec : key.rsa).empty()) return {SigningFault::other_kind, {}};

   std::array<std::uint8_t, 32> hash{};
   if (!digest(DigestAlgorithm::sha256, data, hash)) return {SigningFault::refused, {}};
   const Handles handles = is_ec ? Handles(BCRYPT_ECDSA_P256_ALGORITHM, BCRYPT_ECCPRIVATE_BLOB, key.ec)
                                 : Handles(BCRYPT_RSA_ALGORITHM, BCRYPT_RSAPRIVATE_BLOB, key.rsa);
   ::SecureZeroMemory(key.rsa.data(), key.rsa.size());
   ::SecureZeroMemory(key.ec.data(), key.ec.size());
   if (handles.key() == nullptr) return {SigningFault::no_key, {}};
   BCRYPT_PKCS1_PADDING_INFO pkcs1{BCRYPT_SHA256_ALGORITHM};
   BCRYPT_PSS_PADDING_INFO pss{BCRYPT_SHA256_ALGORITHM, static_cast<ULONG>(hash.size())};
   void* padding = nullptr;
   ULONG flags = 0;
   if (algorithm == SignatureAlgorithm::rs256) {
      padding = &pkcs1;
      flags = BCRYPT_PAD_PKCS1;
   } else if (algorithm == SignatureAlgorithm::ps256) {
      padding = &pss;
      flags = BCRYPT_PAD_PSS;
   }
   Signature signature;
   ULONG size = 0;
   if (::BCryptSignHash(handles.key(), padding, hash.data(), static_cast<ULONG>(hash.size()), nullptr, 0, &size,
                        flags) != 0)
      return {SigningFault::refused, {}};
   signature.bytes.resize(size);
   if (::BCryptSignHash(handles.key(), padding, hash.data(), static_cast<ULONG>(hash.size()), signature.bytes.data(),
                        size, &size, flags) != 0)
      return {SigningFault::refused, {}};
   signature.bytes.resize(size);
   return signature;
}

std::optional<std::array<std::uint8_t, 32>> certificate_thumbprint(std::string_view pem) {
   const auto der = block(pem, "CERTIFICATE");
   std::array<std::uint8_t, 32> hash{};
   if (der.empty() || !digest(DigestAlgorithm::sha256, std::as_bytes(std::span(der)), hash)) return std::nullopt;
   return hash;
}

}  // namespace msp::host
