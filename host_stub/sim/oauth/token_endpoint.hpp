// token_endpoint.hpp - what programs ask the authorization server for: tokens, device codes, revocation.
#pragma once

#include <optional>

#include "sim/oauth/form.hpp"
#include "sim/oauth/grants.hpp"

namespace msp::sim::oauth {

// [any-thread]
class TokenEndpoint {
 public:
   TokenEndpoint(const Scenario& scenario, Grants& grants) : scenario_(scenario), grants_(grants) {}

   // Nothing if the path is none of its own.
   std::optional<Reply> answer(const Request& request);

 private:
   // These throw a Refusal.
   Reply reply_to(const Request& request);
   Reply token(const Client& client, const Form& form);
   Tokens redeem(const Client& client, const Form& form, const std::string& grant);
   // RFC 6749 2.3: by the header, by the form, or by its name alone if it is public.
   const Client& identify(const Request& request, const Form& form) const;

   const Scenario& scenario_;
   Grants& grants_;
};

}  // namespace msp::sim::oauth
