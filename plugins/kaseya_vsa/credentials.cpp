#include "credentials.hpp"

#include "msp/sdk/text.hpp"

namespace kaseya_vsa {

using msp::sdk::Digest;
using msp::sdk::Secret;

namespace {

constexpr std::size_t kRandomDigits = 9;  // below 2^31

Secret basic(const Secret& credentials) {
   const Secret encoded = Secret::take(msp::sdk::base64(credentials.view()));
   return Secret::join({"Basic ", encoded.view()});
}

}  // namespace

Secret token_authorization(std::string_view user_name, std::string_view token) {
   return basic(Secret::join({user_name, ":", token}));
}

Secret password_authorization(const Digest& digest, std::string_view user_name, std::string_view password,
                              std::string_view random) {
   // Hexadecimal text is hashed again as text.
   const Secret salted = Secret::join({password, user_name});
   const Secret pass2 = digest.sha256_hex(Secret::join({digest.sha256_hex(salted.view()).view(), random}).view());
   const Secret pass1 = digest.sha1_hex(Secret::join({digest.sha1_hex(salted.view()).view(), random}).view());
   const Secret rpass2 = digest.sha256_hex(password);
   const Secret rpass1 = digest.sha1_hex(password);
   return basic(Secret::join({"user=", user_name, ",pass2=", pass2.view(), ",pass1=", pass1.view(),
                              ",rpass2=", rpass2.view(), ",rpass1=", rpass1.view(), ",rand2=", random}));
}

std::string sign_in_random(const Digest& digest) {
   std::string digits;
   do digits = digest.random_digits(kRandomDigits);
   while (digits.front() == '0');
   return digits;
}

}  // namespace kaseya_vsa
