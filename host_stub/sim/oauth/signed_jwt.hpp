// signed_jwt.hpp - JSON web tokens that a client signed with a key of its own (RFC 7515, RFC 7523).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp::sim::oauth {

// A client's public key, as it is registered at the server.
struct Key {
   enum class Algorithm { rs256, ps256, es256, eddsa };

   Algorithm algorithm = Algorithm::rs256;
   std::string id;           // what the token's `kid` must say; empty: anything
   std::string public_key;   // PEM; or
   std::string certificate;  // PEM: the token must name its thumbprint, as `x5t#S256` or `x5t`

   // Whether the PEM text is a key that the algorithm can be used with.
   bool is_usable() const;
};

// A token taken apart. Nothing in it is to be believed before is_signed_by().
class SignedJwt {
 public:
   // Nothing if the text is no token: three parts in base64url, the first two of them JSON objects.
   static std::optional<SignedJwt> read(std::string_view text);

   bool is_signed_by(const Key& key) const;

   std::string issuer;
   std::string subject;
   std::string id;
   std::string scope;  // some platforms have the scope asked for in here
   std::vector<std::string> audience;
   std::optional<std::int64_t> expires, not_before, issued;  // seconds since 1970

 private:
   std::string algorithm_;
   std::string key_id_;
   std::string thumbprint_sha1_, thumbprint_sha256_;
   std::string signed_text_;
   std::string signature_;
};

}  // namespace msp::sim::oauth
