// libcurl would read the system's whole bundle (about 140 certificates, some 20 ms) for each multi handle, and could
// not add a file to it. So it is told to load nothing, and gets a store of ours in its SSL_CTX callback: the added file
// is parsed once, the system's certificates are looked up one by one in its hashed directory, and the bundle is read
// only when an issuer was found in neither.
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>

#include "curl_handles.hpp"
#include "tls_trust.hpp"

namespace msp::host {

struct TlsTrust::State {
   X509_STORE* store = X509_STORE_new();
   std::string bundle;
   std::once_flag bundle_read;

   ~State() { X509_STORE_free(store); }
};

namespace {

int state_index() {
   static const int index = X509_STORE_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
   return index;
}

// c_rehash names: eight hexadecimal digits, a dot, a number.
bool is_hashed_directory(const std::filesystem::path& directory) {
   std::error_code error;
   for (auto at = std::filesystem::directory_iterator(directory, error);
        !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
      const std::string name = at->path().filename().string();
      if (name.size() == 10 && name[8] == '.' && name.find_first_not_of("0123456789abcdef") == 8 && name[9] >= '0' &&
          name[9] <= '9')
         return true;
   }
   return false;
}

// Where this system keeps its certificates: libcurl was built to know.
std::string system_path(CURL* easy, CURLINFO which) {
   char* path = nullptr;
   if (!easy || curl_easy_getinfo(easy, which, &path) != CURLE_OK || !path) return {};
   return path;
}

Problem unusable(const std::filesystem::path& ca_file, std::string why) {
   return {"net.tls_untrusted", "The CA file " + ca_file.string() + " cannot be used: " + std::move(why),
           "Give --cacert a readable file with at least one certificate in PEM form "
           "(\"-----BEGIN CERTIFICATE-----\")."};
}

}  // namespace

TlsTrust::TlsTrust(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsTrust::~TlsTrust() = default;

Result<std::shared_ptr<const TlsTrust>> TlsTrust::load(const std::filesystem::path& ca_file) {
   auto state = std::make_unique<State>();
   if (!ca_file.empty()) {
      std::error_code error;
      if (!std::filesystem::is_regular_file(ca_file, error))
         return unusable(ca_file, error ? error.message() + "." : "it is not a regular file.");
      ERR_clear_error();
      if (X509_STORE_load_file(state->store, ca_file.string().c_str()) != 1) {
         const char* reason = ERR_reason_error_string(ERR_peek_last_error());
         ERR_clear_error();
         return unusable(ca_file, std::string("it is unreadable or holds no certificate (") +
                                      (reason ? reason : "no reason given") + ").");
      }
   }

   const CurlEasy easy(curl_easy_init());
   const std::string directory = system_path(easy.get(), CURLINFO_CAPATH);
   state->bundle = system_path(easy.get(), CURLINFO_CAINFO);
   if (!directory.empty() && is_hashed_directory(directory)) X509_STORE_load_path(state->store, directory.c_str());
   X509_STORE_set_ex_data(state->store, state_index(), state.get());
   X509_STORE_set_get_issuer(state->store, [](X509** issuer, X509_STORE_CTX* context, X509* certificate) {
      const int found = X509_STORE_CTX_get1_issuer(issuer, context, certificate);
      if (found != 0) return found;
      X509_STORE* store = X509_STORE_CTX_get0_store(context);
      auto* owner = static_cast<State*>(X509_STORE_get_ex_data(store, state_index()));
      bool read_now = false;
      std::call_once(owner->bundle_read, [&] {
         read_now = !owner->bundle.empty() && X509_STORE_load_file(store, owner->bundle.c_str()) == 1;
         ERR_clear_error();  // a missing bundle is no fault of this connection
      });
      return read_now ? X509_STORE_CTX_get1_issuer(issuer, context, certificate) : found;
   });
   return std::shared_ptr<const TlsTrust>(new TlsTrust(std::move(state)));
}

void TlsTrust::apply(CURL* easy) const {
   for (const CURLoption option : {CURLOPT_CAINFO, CURLOPT_CAPATH, CURLOPT_PROXY_CAINFO, CURLOPT_PROXY_CAPATH})
      curl_easy_setopt(easy, option, nullptr);
   curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);  // else libcurl may put its cached store in place of ours
   using ContextCallback = CURLcode (*)(CURL*, void*, void*);
   const ContextCallback set_store = [](CURL*, void* context, void* store) {
      SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(context), static_cast<X509_STORE*>(store));
      return CURLE_OK;
   };
   curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, set_store);
   curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, static_cast<void*>(state_->store));
}

}  // namespace msp::host
