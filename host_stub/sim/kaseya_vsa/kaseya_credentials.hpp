// kaseya_credentials.hpp - what a sign-in to VSA carries.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace msp::sim::kaseya {

// What an `Authorization: Basic` header of a sign-in says.
struct Credentials {
   enum class Method { token, password };

   Method method = Method::token;
   std::string user;
   std::string token;                                // the token method's secret
   std::string rand2, pass1, pass2, rpass1, rpass2;  // the password method's proof
};

// Nothing if the header is not Basic, or not base64, or neither method.
std::optional<Credentials> read_credentials(std::string_view authorization);

// Computes the four hashes as the server does and compares them all, digit for digit.
bool proves_password(const Credentials& credentials, const std::string& user, const std::string& password);

}  // namespace msp::sim::kaseya
