#include "sim/wire/certificate_authority.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <stdexcept>

namespace msp::sim {
namespace {

constexpr long kDay = 24L * 60 * 60;

struct Free {
   void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
   void operator()(X509* certificate) const { X509_free(certificate); }
   void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
   void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using X509Handle = std::unique_ptr<X509, Free>;

[[noreturn]] void fail(const std::string& what) {
   char reason[256] = "unknown reason";
   if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, reason, sizeof reason);
   throw std::runtime_error("OpenSSL could not " + what + ": " + reason);
}

void require(bool succeeded, const char* what) {
   if (!succeeded) fail(what);
}

Key make_key(Making making = Making::sound) {
   if (making == Making::short_key) {
      Key key(EVP_RSA_gen(1024));
      require(key != nullptr, "make an RSA key");
      return key;
   }
   Key key(EVP_EC_gen("P-256"));
   require(key != nullptr, "make a P-256 key");
   return key;
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
   X509V3_CTX context;
   X509V3_set_ctx_nodb(&context);
   X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
   const std::unique_ptr<X509_EXTENSION, Free> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
   if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) fail("add the extension \"" + value + "\"");
}

// What every certificate has: a random serial number, a subject, its key, and a span of days counted from now.
X509Handle make_certificate(EVP_PKEY* key, const std::string& common_name, long first_day, long last_day) {
   X509Handle certificate(X509_new());
   require(certificate != nullptr, "make a certificate");
   X509_set_version(certificate.get(), X509_VERSION_3);

   unsigned char serial_bytes[8];
   require(RAND_bytes(serial_bytes, sizeof serial_bytes) == 1, "make a serial number");
   uint64_t serial = 0;
   for (const unsigned char byte : serial_bytes) serial = (serial << 8U) | byte;
   ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1U);

   X509_gmtime_adj(X509_getm_notBefore(certificate.get()), first_day * kDay);
   X509_gmtime_adj(X509_getm_notAfter(certificate.get()), last_day * kDay);

   // A common name holds 64 characters at most; what a client compares are the subject alternative names.
   const std::string name = common_name.substr(0, 64);
   require(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(name.data()),
                                      static_cast<int>(name.size()), -1, 0) == 1,
           "set a certificate's subject");
   require(X509_set_pubkey(certificate.get(), key) == 1, "set a certificate's key");
   return certificate;
}

template <typename Write>
std::string to_pem(Write write) {
   const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
   require(bio != nullptr && write(bio.get()) == 1, "write PEM");
   char* text = nullptr;
   const long size = BIO_get_mem_data(bio.get(), &text);
   return {text, static_cast<std::size_t>(size)};
}

std::string certificate_pem(X509* certificate) {
   return to_pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

bool is_address(const std::string& name) {
   return name.find(':') != std::string::npos || name.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace

struct CertificateAuthority::Keys {
   Key key;
   X509Handle certificate;
};

CertificateAuthority::CertificateAuthority(const std::string& common_name)
    : CertificateAuthority(common_name, nullptr) {}

CertificateAuthority CertificateAuthority::intermediate(const std::string& common_name) const {
   return {common_name, keys_.get()};
}

CertificateAuthority::CertificateAuthority(const std::string& common_name, const Keys* issuer)
    : keys_(std::make_unique<Keys>()) {
   keys_->key = make_key();
   keys_->certificate = make_certificate(keys_->key.get(), common_name, -1, 30);
   X509* own = keys_->certificate.get();
   const Keys& above = issuer ? *issuer : *keys_;
   X509_set_issuer_name(own, X509_get_subject_name(above.certificate.get()));
   add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
   add_extension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
   add_extension(own, own, NID_subject_key_identifier, "hash");
   require(X509_sign(own, above.key.get(), EVP_sha256()) > 0, "sign the authority's certificate");
   pem_ = certificate_pem(own);
}

CertificateAuthority::~CertificateAuthority() = default;
CertificateAuthority::CertificateAuthority(CertificateAuthority&&) noexcept = default;
CertificateAuthority& CertificateAuthority::operator=(CertificateAuthority&&) noexcept = default;

Certificate CertificateAuthority::issue(const std::vector<std::string>& names, Validity validity) const {
   return issue(names, CertificateOptions{.validity = validity});
}

Certificate CertificateAuthority::issue(const std::vector<std::string>& names,
                                        const CertificateOptions& options) const {
   const Validity validity = options.validity;
   if (names.empty()) throw std::runtime_error("A server certificate needs at least one name.");
   std::string alternatives;
   for (const std::string& name : names) {
      if (!alternatives.empty()) alternatives += ',';
      alternatives += (is_address(name) ? "IP:" : "DNS:") + name;
   }

   long first_day = -1;
   long last_day = 7;
   if (validity == Validity::expired) first_day = -30, last_day = -2;
   if (validity == Validity::not_yet_valid) first_day = 2;

   const Key key = make_key(options.making);
   const X509Handle leaf = make_certificate(key.get(), names.front(), first_day, last_day);
   X509* issuer = keys_->certificate.get();
   X509_set_issuer_name(leaf.get(), X509_get_subject_name(issuer));
   add_extension(leaf.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
   add_extension(leaf.get(), issuer, NID_key_usage, "critical,digitalSignature");
   add_extension(leaf.get(), issuer, NID_ext_key_usage, "serverAuth");
   add_extension(leaf.get(), issuer, NID_subject_key_identifier, "hash");
   add_extension(leaf.get(), issuer, NID_authority_key_identifier, "keyid");
   add_extension(leaf.get(), issuer, NID_subject_alt_name, alternatives);
   if (!options.issuer_url.empty())
      add_extension(leaf.get(), issuer, NID_info_access, "caIssuers;URI:" + options.issuer_url);
   const EVP_MD* digest = options.making == Making::weak_signature ? EVP_sha1() : EVP_sha256();
   require(X509_sign(leaf.get(), keys_->key.get(), digest) > 0, "sign a server certificate");

   return {certificate_pem(leaf.get()), to_pem([&](BIO* bio) {
              return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
           })};
}

void CertificateAuthority::write(const std::filesystem::path& file) const {
   std::ofstream out(file, std::ios::binary | std::ios::trunc);
   out << pem_;
   if (!out.flush()) throw std::runtime_error("The CA certificate could not be written to " + file.string() + ".");
}

}  // namespace msp::sim
