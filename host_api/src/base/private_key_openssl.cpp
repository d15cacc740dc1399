// Signatures by OpenSSL's libcrypto.
#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <climits>
#include <memory>

#include "base/private_key.hpp"

namespace msp::host {
namespace {

struct Free {
   void operator()(BIO* it) const noexcept { BIO_free(it); }
   void operator()(EVP_PKEY* it) const noexcept { EVP_PKEY_free(it); }
   void operator()(EVP_MD_CTX* it) const noexcept { EVP_MD_CTX_free(it); }
   void operator()(ECDSA_SIG* it) const noexcept { ECDSA_SIG_free(it); }
   void operator()(X509* it) const noexcept { X509_free(it); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

constexpr int kNumberOfP256 = 32;  // bytes

Owned<BIO> reader(std::string_view text) {
   return Owned<BIO>(text.size() > INT_MAX ? nullptr : BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Nobody is asked for a passphrase; that one would be needed is remembered.
int no_passphrase(char*, int, int, void* asked) {
   *static_cast<bool*>(asked) = true;
   return -1;
}

bool fits(SignatureAlgorithm algorithm, const EVP_PKEY* key) {
   switch (algorithm) {
      case SignatureAlgorithm::rs256:
      case SignatureAlgorithm::ps256:
         return EVP_PKEY_is_a(key, "RSA") == 1;
      case SignatureAlgorithm::es256:
         return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_bits(key) == 256;
      case SignatureAlgorithm::eddsa:
         break;
   }
   return EVP_PKEY_is_a(key, "ED25519") == 1;
}

// ECDSA's two numbers, which OpenSSL writes as DER, side by side.
std::vector<std::uint8_t> r_and_s(const std::vector<std::uint8_t>& der) {
   const unsigned char* at = der.data();
   const Owned<ECDSA_SIG> pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
   std::vector<std::uint8_t> both(std::size_t{2} * kNumberOfP256);
   if (!pair || BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), both.data(), kNumberOfP256) < 0 ||
       BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), both.data() + kNumberOfP256, kNumberOfP256) < 0)
      return {};
   return both;
}

}  // namespace

Signature sign(SignatureAlgorithm algorithm, std::string_view pem, std::span<const std::byte> data) {
   bool asked = false;
   const Owned<BIO> text = reader(pem);
   const Owned<EVP_PKEY> key(text ? PEM_read_bio_PrivateKey(text.get(), nullptr, no_passphrase, &asked) : nullptr);
   ERR_clear_error();
   if (!key) return {asked ? SigningFault::encrypted_key : SigningFault::no_key, {}};
   if (!fits(algorithm, key.get())) return {SigningFault::other_kind, {}};

   const bool hashes_itself = algorithm == SignatureAlgorithm::eddsa;
   const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
   EVP_PKEY_CTX* options = nullptr;  // the context's own
   bool good = context && EVP_DigestSignInit(context.get(), &options, hashes_itself ? nullptr : EVP_sha256(), nullptr,
                                             key.get()) == 1;
   if (good && algorithm == SignatureAlgorithm::ps256)
      good = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
             EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1;
   const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
   std::size_t size = 0;
   Signature signature;
   good = good && EVP_DigestSign(context.get(), nullptr, &size, bytes, data.size()) == 1;
   signature.bytes.resize(size);
   good = good && EVP_DigestSign(context.get(), signature.bytes.data(), &size, bytes, data.size()) == 1;
   signature.bytes.resize(good ? size : 0);
   if (good && algorithm == SignatureAlgorithm::es256) signature.bytes = r_and_s(signature.bytes);
   ERR_clear_error();
   if (signature.bytes.empty()) signature.fault = SigningFault::refused;
   return signature;
}

std::optional<std::array<std::uint8_t, 32>> certificate_thumbprint(std::string_view pem) {
   bool asked = false;
   const Owned<BIO> text = reader(pem);
   const Owned<X509> certificate(text ? PEM_read_bio_X509(text.get(), nullptr, no_passphrase, &asked) : nullptr);
   ERR_clear_error();
   std::array<std::uint8_t, 32> digest{};
   if (!certificate || X509_digest(certificate.get(), EVP_sha256(), digest.data(), nullptr) != 1) return std::nullopt;
   return digest;
}

}  // namespace msp::host
