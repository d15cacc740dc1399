// libcurl would read the system's whole bundle (about 140 certificates, some 20 ms) for each multi handle, and could
// not add a file to it. So it is told to load nothing, and gets a store of ours in its SSL_CTX callback: the added file
// is parsed once, the system's certificates are looked up one by one in its hashed directory, and the bundle is read
// only when an issuer was found in neither.
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>

#include "net/curl_handles.hpp"
#include "net/tls_trust.hpp"

namespace msp::host {

struct TlsTrust::State {
   X509_STORE* store = X509_STORE_new();
   bool has_directory = false;
   std::string bundle;
   std::once_flag bundle_read;

   State() = default;
   State(const State&) = delete;
   State& operator=(const State&) = delete;
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

Finding unusable(const std::filesystem::path& ca_file, std::string why) {
   return {"net.tls_untrusted", "The CA file " + ca_file.string() + " cannot be used: " + std::move(why),
           "Name a readable file with at least one certificate in PEM form (\"-----BEGIN CERTIFICATE-----\").",
           Severity::error, "ca_file"};
}

// A connection's context may outlive the transfer that opened it, and so holds what it writes to.
using Seen = std::shared_ptr<RefusedCertificate>;

int seen_index() {
   static const int index = SSL_CTX_get_ex_new_index(
       0, nullptr, nullptr, nullptr,
       [](void*, void* seen, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<Seen*>(seen); });
   return index;
}

// Who hears of what comes on a connection: each context is one connection's.
int listener_index() {
   static const int index = SSL_CTX_get_ex_new_index(
       0, nullptr, nullptr, nullptr,
       [](void*, void* begun, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<Begun*>(begun); });
   return index;
}

// TLS 1.3 hides what kind of record comes until the record is opened; before it, the record's header tells.
void hear(int sent, int, int what, const void* bytes, std::size_t, SSL* connection, void*) {
   const int telling = SSL_version(connection) == TLS1_3_VERSION ? SSL3_RT_INNER_CONTENT_TYPE : SSL3_RT_HEADER;
   if (sent != 0 || what != telling || *static_cast<const unsigned char*>(bytes) != SSL3_RT_APPLICATION_DATA) return;
   const auto* begun = static_cast<Begun*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), listener_index()));
   if (begun && *begun) **begun = true;
}

bool speaks_http2(const SSL* connection) {
   const unsigned char* name = nullptr;
   unsigned size = 0;
   SSL_get0_alpn_selected(connection, &name, &size);
   return size == 2 && name[0] == 'h' && name[1] == '2';
}

std::string issuer_of(X509* certificate) {
   char name[256] = {};
   const int size = X509_NAME_get_text_by_NID(X509_get_issuer_name(certificate), NID_commonName, name,
                                              static_cast<int>(sizeof name));
   return size > 0 ? std::string(name, static_cast<std::size_t>(size)) : std::string();
}

bool tells_where_its_issuer_is(X509* certificate) {
   auto* ways = static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr));
   bool found = false;
   for (int at = 0; at < sk_ACCESS_DESCRIPTION_num(ways); ++at)
      found = found || OBJ_obj2nid(sk_ACCESS_DESCRIPTION_value(ways, at)->method) == NID_ad_ca_issuers;
   AUTHORITY_INFO_ACCESS_free(ways);
   return found;
}

// Changes no verdict.
int look_at_refused(int verdict, X509_STORE_CTX* context) {
   X509* certificate = X509_STORE_CTX_get_current_cert(context);
   auto* connection = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
   if (verdict == 1 || !certificate || !connection) return verdict;
   if (const auto* seen = static_cast<Seen*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), seen_index()))) {
      (*seen)->issuer = issuer_of(certificate);
      (*seen)->sent_alone = sk_X509_num(X509_STORE_CTX_get0_untrusted(context)) <= 1;
      (*seen)->issuer_elsewhere = tells_where_its_issuer_is(certificate);
   }
   return verdict;
}

}  // namespace

TlsTrust::TlsTrust(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsTrust::~TlsTrust() = default;

Result<std::shared_ptr<const TlsTrust>> TlsTrust::load(const std::filesystem::path& ca_file) {
   const CurlEasy easy(curl_easy_init());
   return load(ca_file, {system_path(easy.get(), CURLINFO_CAPATH), system_path(easy.get(), CURLINFO_CAINFO)});
}

Result<std::shared_ptr<const TlsTrust>> TlsTrust::load(const std::filesystem::path& ca_file,
                                                       const SystemCertificates& system) {
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

   state->bundle = system.bundle.string();
   state->has_directory = is_hashed_directory(system.directory);
   if (state->has_directory) X509_STORE_load_path(state->store, system.directory.string().c_str());
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

bool TlsTrust::believes_nobody() const {
   return !state_->has_directory && sk_X509_OBJECT_num(X509_STORE_get0_objects(state_->store)) <= 0;
}

void listen_for_answer(CURL* easy, const Begun& begun) {
   const curl_tlssessioninfo* session = nullptr;
   if (!easy || curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || !session) return;
   auto* connection = static_cast<SSL*>(session->internals);
   if (session->backend != CURLSSLBACKEND_OPENSSL || !connection || speaks_http2(connection)) return;
   if (auto* listener = static_cast<Begun*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), listener_index())))
      *listener = begun;
}

void TlsTrust::apply(CURL* easy, TlsWatch& watch) const {
   for (const CURLoption option : {CURLOPT_CAINFO, CURLOPT_CAPATH, CURLOPT_PROXY_CAINFO, CURLOPT_PROXY_CAPATH})
      curl_easy_setopt(easy, option, nullptr);
   curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);  // else libcurl may put its cached store in place of ours
   watch.trust = this;
   using ContextCallback = CURLcode (*)(CURL*, void*, void*);
   const ContextCallback prepare_context = [](CURL*, void* pointer, void* data) {
      auto* context = static_cast<SSL_CTX*>(pointer);
      const auto& watching = *static_cast<const TlsWatch*>(data);
      SSL_CTX_set1_cert_store(context, watching.trust->state_->store);
      SSL_CTX_set_keylog_callback(context, nullptr);
      SSL_CTX_set_ex_data(context, seen_index(), new Seen(watching.seen));
      SSL_CTX_set_ex_data(context, listener_index(), new Begun());
      SSL_CTX_set_msg_callback(context, hear);
      SSL_CTX_set_verify(context, SSL_CTX_get_verify_mode(context), look_at_refused);
      return CURLE_OK;
   };
   curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, prepare_context);
   curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, static_cast<void*>(&watch));
}

}  // namespace msp::host
