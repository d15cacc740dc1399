// certificate_authority.hpp - certificates for the simulators, from an authority that nobody else knows.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace msp::sim {

// When a certificate is valid, as seen from now.
enum class Validity { current, expired, not_yet_valid };

// How a certificate is made. Each but the first is a fault of its own.
enum class Making {
   sound,          // P-256, SHA-256
   short_key,      // RSA 1024
   weak_signature  // SHA-1
};

// What a server certificate says, and how it is made.
struct CertificateOptions {
   Validity validity = Validity::current;
   Making making = Making::sound;
   std::string issuer_url{};  // where the certificate of its issuer can be fetched; empty: it does not say
};

// A server certificate and its private key, both as PEM text.
struct Certificate {
   std::string chain_pem;
   std::string key_pem;
};

// A throw-away certificate authority: its key exists in this process only and is gone with it.
// Nobody trusts it unless told to (`--cacert`), which is exactly what tests of TLS need.
// EC P-256 unless asked otherwise, so that making one costs about a millisecond. Every function throws
// std::runtime_error with OpenSSL's reason when OpenSSL refuses.
class CertificateAuthority {
 public:
   explicit CertificateAuthority(const std::string& common_name = "Throw-away simulator CA");
   ~CertificateAuthority();
   CertificateAuthority(CertificateAuthority&&) noexcept;
   CertificateAuthority& operator=(CertificateAuthority&&) noexcept;

   // A leaf certificate for all the names; an IP address among them becomes an address entry. [any-thread]
   Certificate issue(const std::vector<std::string>& names, Validity validity = Validity::current) const;
   Certificate issue(const std::vector<std::string>& names, const CertificateOptions& options) const;

   // An authority below this one, which only this one vouches for. [any-thread]
   CertificateAuthority intermediate(const std::string& common_name) const;

   // The authority's own certificate, which is what a client must trust.
   const std::string& pem() const { return pem_; }

   // Writes pem() to the file, replacing it.
   void write(const std::filesystem::path& file) const;

 private:
   struct Keys;
   CertificateAuthority(const std::string& common_name, const Keys* issuer);
   std::unique_ptr<Keys> keys_;
   std::string pem_;
};

}  // namespace msp::sim
