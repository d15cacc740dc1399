#include "web/tls_names.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace msp::console {
namespace {

X509* certificate(const std::shared_ptr<void>& pointer) { return static_cast<X509*>(pointer.get()); }

}  // namespace

TlsNames::TlsNames(const std::filesystem::path& certificate_chain) {
   const std::unique_ptr<BIO, decltype(&BIO_free)> file(BIO_new_file(certificate_chain.string().c_str(), "r"),
                                                        BIO_free);
   X509* read = file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr;
   if (read) certificate_ = std::shared_ptr<void>(read, [](void* x509) { X509_free(static_cast<X509*>(x509)); });
}

bool TlsNames::has(std::string_view name) const {
   if (!certificate_ || name.empty()) return false;
   if (X509_check_host(certificate(certificate_), name.data(), name.size(), 0, nullptr) == 1) return true;
   const bool bracketed = name.size() > 2 && name.front() == '[' && name.back() == ']';
   const std::string address(bracketed ? name.substr(1, name.size() - 2) : name);
   return X509_check_ip_asc(certificate(certificate_), address.c_str(), 0) == 1;
}

std::string TlsNames::first() const {
   if (!certificate_) return {};
   const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
       static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate(certificate_), NID_subject_alt_name, nullptr, nullptr)),
       GENERAL_NAMES_free);
   for (int index = 0; names && index < sk_GENERAL_NAME_num(names.get()); ++index) {
      const GENERAL_NAME* one = sk_GENERAL_NAME_value(names.get(), index);
      if (one->type != GEN_DNS) continue;
      const std::string name(reinterpret_cast<const char*>(ASN1_STRING_get0_data(one->d.dNSName)),
                             static_cast<std::size_t>(ASN1_STRING_length(one->d.dNSName)));
      if (name.find('*') == std::string::npos) return name;
   }
   return {};
}

}  // namespace msp::console
