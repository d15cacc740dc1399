#include "sim/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "msp/host/ascii.hpp"

namespace msp::sim {

std::optional<std::string> base64_decoded(std::string_view text) {
   constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
   const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
   // OpenSSL takes blanks at both ends for nothing, and padding anywhere for zeros.
   if (text.empty() || text.size() % 4 != 0 || text.find_first_not_of(digits) < text.size() - padding)
      return std::nullopt;
   std::string bytes(text.size() / 4 * 3, '\0');
   const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                    reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
   if (size < 0) return std::nullopt;
   bytes.resize(static_cast<std::size_t>(size) - padding);
   return bytes;
}

std::string base64url(std::string_view bytes) {
   std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
   const int size =
       EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                       reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
   text.resize(static_cast<std::size_t>(size));
   text.resize(std::min(text.find('='), text.size()));
   std::replace(text.begin(), text.end(), '+', '-');
   std::replace(text.begin(), text.end(), '/', '_');
   return text;
}

std::optional<std::string> base64url_decoded(std::string_view text) {
   if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
   std::string padded(text);
   std::replace(padded.begin(), padded.end(), '-', '+');
   std::replace(padded.begin(), padded.end(), '_', '/');
   padded.append((4 - padded.size() % 4) % 4, '=');
   return base64_decoded(padded);
}

std::optional<std::string> basic_credentials(std::string_view authorization) {
   constexpr std::string_view kBasic = "basic ";
   if (!host::equal_ignoring_case(authorization.substr(0, kBasic.size()), kBasic)) return std::nullopt;
   return base64_decoded(authorization.substr(kBasic.size()));
}

}  // namespace msp::sim
