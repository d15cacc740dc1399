// refusal.hpp - why a sign-in did not succeed, and whether the server is a VSA at all.
#pragma once

#include <optional>
#include <string>

#include "answer.hpp"
#include "msp/sdk/call.hpp"
#include "server_address.hpp"

namespace kaseya_vsa {

enum class Method { token, password };

struct Refusal {
   msp::sdk::Outcome outcome;
   msp::sdk::Finding finding;
};

// What stands in the way of signing in to the server that answered /echo so; nothing when it is a VSA 9.
std::optional<Refusal> refusal_of_server(const Answer& echo, const ServerAddress& server);

// What an answer to /auth means that opened no session. VSA does not tell its reasons apart, so neither does this: all
// are listed, each with the place where it is mended.
Refusal refusal_of_sign_in(const Answer& answer, Method method);

}  // namespace kaseya_vsa
