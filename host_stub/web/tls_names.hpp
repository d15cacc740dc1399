// tls_names.hpp - the names that a certificate is made for: by those, and by no others, the console may be called.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace msp::console {

// [any-thread]
class TlsNames {
 public:
   // Empty when the file holds no certificate; the server says so when it starts.
   explicit TlsNames(const std::filesystem::path& certificate_chain);

   // `name` as in a Host header without its port: a DNS name, an IPv4 address or "[an IPv6 address]".
   [[nodiscard]] bool has(std::string_view name) const;

   // The first DNS name without a wildcard, for the link; empty when there is none.
   [[nodiscard]] std::string first() const;

 private:
   std::shared_ptr<void> certificate_;
};

}  // namespace msp::console
