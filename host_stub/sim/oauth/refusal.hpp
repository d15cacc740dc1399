// refusal.hpp - why the authorization server gives no token.
#pragma once

#include <string>

namespace msp::sim::oauth {

// Thrown by what answers at the token endpoint; becomes the error document of RFC 6749 5.2.
struct Refusal {
   std::string error;
   std::string description;
   int status = 400;
};

}  // namespace msp::sim::oauth
