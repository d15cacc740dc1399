// Schannel believes the system's certificates by itself, and has Windows fetch a root that it has not seen before. But
// CURLOPT_CAINFO replaces them, so when there is a file to add, libcurl gets one text with both: the system's roots,
// exported as PEM, and the file. Wine's Schannel believes whatever comes, so there libcurl verifies in every case.
#include <winsock2.h>  // libcurl's headers want it before windows.h

#include <windows.h>

#include <wincrypt.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "net/tls_trust.hpp"

namespace msp::host {

struct TlsTrust::State {
   std::string pem;  // empty: leave everything to Schannel
   bool believes_nobody = false;
};

namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";

Finding unusable(const std::filesystem::path& ca_file, std::string why) {
   return {"net.tls_untrusted", "The CA file " + ca_file.string() + " cannot be used: " + std::move(why),
           "Name a readable file with at least one certificate in PEM form (\"-----BEGIN CERTIFICATE-----\").",
           Severity::error, "ca_file"};
}

bool is_wine() noexcept {
   const HMODULE system = GetModuleHandleW(L"ntdll.dll");
   return system != nullptr && GetProcAddress(system, "wine_get_version") != nullptr;
}

std::string system_roots() {
   std::string pem;
   const HCERTSTORE store = CertOpenSystemStoreW(0, L"ROOT");
   if (!store) return pem;
   for (PCCERT_CONTEXT at = nullptr; (at = CertEnumCertificatesInStore(store, at)) != nullptr;) {
      DWORD size = 0;
      if (!CryptBinaryToStringA(at->pbCertEncoded, at->cbCertEncoded, CRYPT_STRING_BASE64HEADER, nullptr, &size))
         continue;
      std::string text(size, '\0');
      if (!CryptBinaryToStringA(at->pbCertEncoded, at->cbCertEncoded, CRYPT_STRING_BASE64HEADER, text.data(), &size))
         continue;
      text.resize(size);
      pem += text;
   }
   CertCloseStore(store, 0);
   return pem;
}

}  // namespace

TlsTrust::TlsTrust(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsTrust::~TlsTrust() = default;

Result<std::shared_ptr<const TlsTrust>> TlsTrust::load(const std::filesystem::path& ca_file) {
   return load(ca_file, {});
}

Result<std::shared_ptr<const TlsTrust>> TlsTrust::load(const std::filesystem::path& ca_file,
                                                       const SystemCertificates&) {
   auto state = std::make_unique<State>();
   if (!ca_file.empty()) {
      std::error_code error;
      if (!std::filesystem::is_regular_file(ca_file, error))
         return unusable(ca_file, error ? error.message() + "." : "it is not a regular file.");
      std::ifstream file(ca_file, std::ios::binary);
      if (!file) return unusable(ca_file, "it cannot be opened.");
      const std::string added{std::istreambuf_iterator<char>(file), {}};
      if (added.find(kBegin) == std::string::npos) return unusable(ca_file, "it holds no certificate.");
      state->pem = system_roots() + "\n" + added;
   } else if (is_wine()) {
      state->pem = system_roots() + "\n";
      state->believes_nobody = state->pem.find(kBegin) == std::string::npos;
   }
   return std::shared_ptr<const TlsTrust>(new TlsTrust(std::move(state)));
}

bool TlsTrust::believes_nobody() const { return state_->believes_nobody; }

void listen_for_answer(CURL*, const Begun&) {}

void TlsTrust::apply(CURL* easy, TlsWatch& watch) const {
   watch.trust = this;
   // An authority of one's own seldom publishes a list of revoked certificates; where there is one, it counts.
   curl_easy_setopt(easy, CURLOPT_SSL_OPTIONS, static_cast<long>(CURLSSLOPT_REVOKE_BEST_EFFORT));
   curl_easy_setopt(easy, CURLOPT_PROXY_SSL_OPTIONS, static_cast<long>(CURLSSLOPT_REVOKE_BEST_EFFORT));
   if (state_->pem.empty()) return;
   curl_blob blob{state_->pem.data(), state_->pem.size(), CURL_BLOB_NOCOPY};
   curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
   curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO_BLOB, &blob);
}

}  // namespace msp::host
