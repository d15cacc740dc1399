// oauth_answers.hpp - the JSON documents of the authorization server and of its API. No state.
#pragma once

#include <string>

#include "sim/oauth/grants.hpp"
#include "sim/oauth/refusal.hpp"

namespace msp::sim::oauth {

// RFC 6749 5.1.
Reply token_answer(const Scenario& scenario, const Tokens& tokens);

// RFC 6749 5.2. `by_header`: the client identified itself in a header, so it is told of a 401 in one.
Reply refusal_answer(const Refusal& refusal, bool by_header);

// RFC 8628 3.2.
Reply device_answer(const Scenario& scenario, const DeviceCode& code);

// RFC 8414.
Reply metadata(const Scenario& scenario);

// Who has the token: the user, or the client if it acts for itself, and the tenant.
Reply who_am_i(const Scenario& scenario, const Authorization& authorization);

// RFC 6750 3.1: no error for a request without a token.
Reply bearer_refusal(int status, const std::string& error, const std::string& scope = "");

// Blanks between the scopes.
std::string scope_text(const Scopes& scopes);

}  // namespace msp::sim::oauth
