// tls_trust.hpp - whose certificates are believed: the system's, and those of one more file
// (tls_trust_openssl.cpp, tls_trust_windows.cpp).
#pragma once

#include <curl/curl.h>

#include <filesystem>
#include <memory>

#include "msp/host/result.hpp"

namespace msp::host {

// Made once per service; sharing it between all connections spares each of them the reading of certificates.
class TlsTrust {
 public:
   // `ca_file` is PEM, empty: none. The problem says why it cannot be used.
   static Result<std::shared_ptr<const TlsTrust>> load(const std::filesystem::path& ca_file);

   ~TlsTrust();
   TlsTrust(const TlsTrust&) = delete;
   TlsTrust& operator=(const TlsTrust&) = delete;

   // REQUIRES: this outlives the transfers of `easy`.
   void apply(CURL* easy) const;

 private:
   struct State;
   explicit TlsTrust(std::unique_ptr<State> state);
   std::unique_ptr<State> state_;
};

}  // namespace msp::host
