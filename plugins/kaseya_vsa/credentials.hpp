// credentials.hpp - the two ways to sign in: the Authorization header of the one request that asks for a session.
#pragma once

#include <string>
#include <string_view>

#include "msp/sdk/digest.hpp"
#include "msp/sdk/secret.hpp"

namespace kaseya_vsa {

// A personal access token: Basic over "<user>:<token>". REQUIRES: no colon in the user name.
msp::sdk::Secret token_authorization(std::string_view user_name, std::string_view token);

// A password, the older way: it does not travel, but hashes as good as it do. `random` is decimal digits, new for every
// sign-in. REQUIRES: no comma in the user name, for commas part the hashes.
msp::sdk::Secret password_authorization(const msp::sdk::Digest& digest, std::string_view user_name,
                                        std::string_view password, std::string_view random);

// The digits for it: nine, and no zero in front, so that it stays the same when the server reads it as a number.
std::string sign_in_random(const msp::sdk::Digest& digest);

}  // namespace kaseya_vsa
