// sigv4_signature.hpp - AWS Signature Version 4, computed from a request as it arrived.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/wire/http_message.hpp"

namespace msp::sim::aws {

// What the Authorization header of a signed request says.
struct Credential {
   std::string access_key_id;
   std::string day, region, service;
   std::vector<std::string> signed_headers;
   std::string signature;

   bool signs(std::string_view header) const;
};

// Nothing if it is not of this kind, or incomplete.
std::optional<Credential> read_credential(std::string_view authorization);

// What the signature would have to be, in hexadecimal.
std::string signature_of(const Request& request, const Credential& credential, const std::string& secret);

}  // namespace msp::sim::aws
