#include "sim/kaseya_vsa/kaseya_credentials.hpp"

#include <openssl/evp.h>

#include <array>
#include <map>
#include <span>

#include "sim/base64.hpp"
#include "sim/wire/http_message.hpp"

namespace msp::sim::kaseya {
namespace {

// Lower-case hexadecimal, which is what the nested hashes are computed from.
std::string hash(const EVP_MD* algorithm, const std::string& text) {
   std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
   unsigned size = 0;
   if (EVP_Digest(text.data(), text.size(), digest.data(), &size, algorithm, nullptr) != 1) return "";
   return host::hex(std::span(digest).first(size));
}

std::map<std::string, std::string> read_fields(std::string_view text) {
   std::map<std::string, std::string> fields;
   while (!text.empty()) {
      const std::string_view field = text.substr(0, text.find(','));
      text.remove_prefix(std::min(text.size(), field.size() + 1));
      const std::size_t equals = field.find('=');
      if (equals != std::string_view::npos) fields[std::string(field.substr(0, equals))] = field.substr(equals + 1);
   }
   return fields;
}

}  // namespace

std::optional<Credentials> read_credentials(std::string_view authorization) {
   constexpr std::string_view scheme = "basic ";
   if (!to_lower(authorization).starts_with(scheme)) return std::nullopt;
   const std::optional<std::string> text = base64_decoded(authorization.substr(scheme.size()));
   if (!text) return std::nullopt;

   Credentials credentials;
   if (text->starts_with("user=") && text->find(",pass2=") != std::string::npos) {
      std::map<std::string, std::string> fields = read_fields(*text);
      credentials.method = Credentials::Method::password;
      credentials.user = fields["user"];
      credentials.rand2 = fields["rand2"];
      credentials.pass1 = fields["pass1"];
      credentials.pass2 = fields["pass2"];
      credentials.rpass1 = fields["rpass1"];
      credentials.rpass2 = fields["rpass2"];
      return credentials;
   }
   const std::size_t colon = text->find(':');
   if (colon == std::string::npos) return std::nullopt;
   credentials.user = text->substr(0, colon);
   credentials.token = text->substr(colon + 1);
   return credentials;
}

bool proves_password(const Credentials& credentials, const std::string& user, const std::string& password) {
   const std::string& random = credentials.rand2;
   if (random.empty() || random.find_first_not_of("0123456789") != std::string::npos) return false;
   const EVP_MD* sha1 = EVP_sha1();
   const EVP_MD* sha256 = EVP_sha256();
   return credentials.rpass1 == hash(sha1, password) && credentials.rpass2 == hash(sha256, password) &&
          credentials.pass1 == hash(sha1, hash(sha1, password + user) + random) &&
          credentials.pass2 == hash(sha256, hash(sha256, password + user) + random);
}

}  // namespace msp::sim::kaseya
