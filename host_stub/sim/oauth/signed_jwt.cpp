#include "sim/oauth/signed_jwt.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <rapidjson/document.h>

#include <array>
#include <memory>

#include "sim/base64.hpp"

namespace msp::sim::oauth {
namespace {

constexpr std::size_t kMost = 16U * 1024;

struct Free {
   void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
   void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
   void operator()(X509* certificate) const { X509_free(certificate); }
   void operator()(BIO* bio) const { BIO_free(bio); }
   void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
template <typename Thing>
using Held = std::unique_ptr<Thing, Free>;

const unsigned char* bytes(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Held<X509> load_certificate(const std::string& pem) {
   const Held<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
   return Held<X509>(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

// Null if it is no key of the algorithm's kind.
Held<EVP_PKEY> load_key(const Key& key) {
   Held<EVP_PKEY> loaded;
   if (!key.certificate.empty()) {
      const Held<X509> certificate = load_certificate(key.certificate);
      if (certificate) loaded.reset(X509_get_pubkey(certificate.get()));
   } else {
      const Held<BIO> bio(BIO_new_mem_buf(key.public_key.data(), static_cast<int>(key.public_key.size())));
      loaded.reset(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
   }
   if (!loaded) return nullptr;
   using Algorithm = Key::Algorithm;
   const bool fits = key.algorithm == Algorithm::eddsa ? EVP_PKEY_is_a(loaded.get(), "ED25519") == 1
                     : key.algorithm == Algorithm::es256
                         ? EVP_PKEY_is_a(loaded.get(), "EC") == 1 && EVP_PKEY_get_bits(loaded.get()) == 256
                         : EVP_PKEY_is_a(loaded.get(), "RSA") == 1 && EVP_PKEY_get_bits(loaded.get()) >= 2048;
   return fits ? std::move(loaded) : nullptr;
}

std::string thumbprint(const Key& key, const EVP_MD* digest) {
   const Held<X509> certificate = load_certificate(key.certificate);
   std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
   unsigned size = 0;
   if (!certificate || X509_digest(certificate.get(), digest, hash.data(), &size) != 1) return "";
   return base64url({reinterpret_cast<const char*>(hash.data()), size});
}

// RFC 7518 3.4 has the two numbers side by side, OpenSSL wants them in ASN.1.
std::string asn1_signature(const std::string& numbers) {
   if (numbers.size() != 64) return "";
   const Held<ECDSA_SIG> signature(ECDSA_SIG_new());
   ECDSA_SIG_set0(signature.get(), BN_bin2bn(bytes(numbers), 32, nullptr), BN_bin2bn(bytes(numbers) + 32, 32, nullptr));
   unsigned char* text = nullptr;
   const int size = i2d_ECDSA_SIG(signature.get(), &text);
   if (size <= 0) return "";
   std::string result(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
   OPENSSL_free(text);
   return result;
}

bool verify(EVP_PKEY* key, Key::Algorithm algorithm, const std::string& text, const std::string& signature) {
   const Held<EVP_MD_CTX> context(EVP_MD_CTX_new());
   EVP_PKEY_CTX* options = nullptr;  // the context's
   const EVP_MD* digest = algorithm == Key::Algorithm::eddsa ? nullptr : EVP_sha256();
   if (EVP_DigestVerifyInit(context.get(), &options, digest, nullptr, key) != 1) return false;
   if (algorithm == Key::Algorithm::ps256 && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
                                              EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1))
      return false;
   return EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(text), text.size()) == 1;
}

const char* name_of(Key::Algorithm algorithm) {
   using Algorithm = Key::Algorithm;
   return algorithm == Algorithm::rs256   ? "RS256"
          : algorithm == Algorithm::ps256 ? "PS256"
          : algorithm == Algorithm::es256 ? "ES256"
                                          : "EdDSA";
}

// Iterative, because a hostile text nests as deep as it is long.
bool read_object(std::string_view part, rapidjson::Document& document) {
   const std::optional<std::string> json = base64url_decoded(part);
   if (!json) return false;
   document.Parse<rapidjson::kParseIterativeFlag>(json->data(), json->size());
   return !document.HasParseError() && document.IsObject();
}

std::string text_in(const rapidjson::Value& object, const char* key) {
   const auto member = object.FindMember(key);
   if (member == object.MemberEnd() || !member->value.IsString()) return "";
   return {member->value.GetString(), member->value.GetStringLength()};
}

// One text, or a list of them.
std::vector<std::string> texts_in(const rapidjson::Value& object, const char* key) {
   const auto member = object.FindMember(key);
   if (member == object.MemberEnd()) return {};
   if (member->value.IsString()) return {member->value.GetString()};
   std::vector<std::string> texts;
   if (member->value.IsArray())
      for (const rapidjson::Value& each : member->value.GetArray())
         if (each.IsString()) texts.emplace_back(each.GetString());
   return texts;
}

std::optional<std::int64_t> number_in(const rapidjson::Value& object, const char* key) {
   const auto member = object.FindMember(key);
   if (member == object.MemberEnd() || !member->value.IsInt64()) return std::nullopt;
   return member->value.GetInt64();
}

}  // namespace

bool Key::is_usable() const { return load_key(*this) != nullptr; }

std::optional<SignedJwt> SignedJwt::read(std::string_view text) {
   const std::size_t first = text.find('.');
   const std::size_t last = text.rfind('.');
   if (text.size() > kMost || first == std::string_view::npos || last == first || text.find('.', first + 1) != last)
      return std::nullopt;
   rapidjson::Document header;
   rapidjson::Document claims;
   const std::optional<std::string> signature = base64url_decoded(text.substr(last + 1));
   if (!signature || !read_object(text.substr(0, first), header) ||
       !read_object(text.substr(first + 1, last - first - 1), claims))
      return std::nullopt;
   SignedJwt jwt;
   jwt.algorithm_ = text_in(header, "alg");
   jwt.key_id_ = text_in(header, "kid");
   jwt.thumbprint_sha1_ = text_in(header, "x5t");
   jwt.thumbprint_sha256_ = text_in(header, "x5t#S256");
   jwt.signed_text_ = text.substr(0, last);
   jwt.signature_ = *signature;
   jwt.issuer = text_in(claims, "iss");
   jwt.subject = text_in(claims, "sub");
   jwt.id = text_in(claims, "jti");
   jwt.scope = text_in(claims, "scope");
   jwt.expires = number_in(claims, "exp");
   jwt.not_before = number_in(claims, "nbf");
   jwt.issued = number_in(claims, "iat");
   jwt.audience = texts_in(claims, "aud");
   return jwt;
}

// The algorithm is the key's, never the token's choice.
bool SignedJwt::is_signed_by(const Key& key) const {
   if (algorithm_ != name_of(key.algorithm) || (!key.id.empty() && key.id != key_id_)) return false;
   if (!key.certificate.empty() && thumbprint_sha256_ != thumbprint(key, EVP_sha256()) &&
       thumbprint_sha1_ != thumbprint(key, EVP_sha1()))
      return false;
   const Held<EVP_PKEY> loaded = load_key(key);
   const std::string signature = key.algorithm == Key::Algorithm::es256 ? asn1_signature(signature_) : signature_;
   return loaded && !signature.empty() && verify(loaded.get(), key.algorithm, signed_text_, signature);
}

}  // namespace msp::sim::oauth
