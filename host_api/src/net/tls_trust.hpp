// tls_trust.hpp - whose certificates are believed: the system's, and those of one more file
// (tls_trust_openssl.cpp, tls_trust_windows.cpp).
#pragma once

#include <curl/curl.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "msp/host/result.hpp"

namespace msp::host {

// Where a system keeps the certificates of the authorities that it believes. Each may be empty.
struct SystemCertificates {
   std::filesystem::path directory;  // hashed, as c_rehash makes it
   std::filesystem::path bundle;     // PEM
};

// What was seen of a server's certificate that was refused.
struct RefusedCertificate {
   std::string issuer;             // its common name; empty: unknown
   bool sent_alone = false;        // without the certificate of its issuer
   bool issuer_elsewhere = false;  // it tells where its issuer's certificate can be fetched, as public authorities do
};

class TlsTrust;

// Who watches the handshakes of one transfer.
struct TlsWatch {
   const TlsTrust* trust = nullptr;
   std::shared_ptr<RefusedCertificate> seen = std::make_shared<RefusedCertificate>();
};

// Set once the server has said something. Written by libcurl's thread.
using Begun = std::shared_ptr<std::atomic<bool>>;

// Tells `begun` of what the server says on the connection of `easy` from now on, in place of what was told before.
// Null: nothing more is told. Only where one answer at a time comes on a connection, so not with HTTP/2. On Windows it
// tells nothing. REQUIRES: libcurl is about to send the request of `easy`, or takes its answer.
void listen_for_answer(CURL* easy, const Begun& begun);

// Made once per service; sharing it between all connections spares each of them the reading of certificates.
class TlsTrust {
 public:
   // `ca_file` is PEM, empty: none. The problem says why it cannot be used.
   static Result<std::shared_ptr<const TlsTrust>> load(const std::filesystem::path& ca_file);

   // The same with another system's certificates than this one's. Windows has no other ones.
   static Result<std::shared_ptr<const TlsTrust>> load(const std::filesystem::path& ca_file,
                                                       const SystemCertificates& system);

   ~TlsTrust();
   TlsTrust(const TlsTrust&) = delete;
   TlsTrust& operator=(const TlsTrust&) = delete;

   // `watch` learns what is seen of a certificate that is refused; on Windows, nothing. The keys of a connection are
   // written to no SSLKEYLOGFILE. REQUIRES: this and `watch` outlive the transfers of `easy`.
   void apply(CURL* easy, TlsWatch& watch) const;

   // Whether no authority at all is believed: a system without its certificates, and no file. Once something was
   // refused.
   [[nodiscard]] bool believes_nobody() const;

 private:
   struct State;
   explicit TlsTrust(std::unique_ptr<State> state);
   std::unique_ptr<State> state_;
};

}  // namespace msp::host
