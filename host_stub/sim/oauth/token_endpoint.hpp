// token_endpoint.hpp - what programs ask the authorization server for: tokens, device codes, revocation.
#pragma once

#include <optional>

#include "sim/form.hpp"
#include "sim/oauth/assertions.hpp"
#include "sim/oauth/grants.hpp"

namespace msp::sim::oauth {

// [any-thread]
class TokenEndpoint {
 public:
   TokenEndpoint(const Scenario& scenario, Grants& grants, const Clock& clock)
       : scenario_(scenario), grants_(grants), assertions_(scenario, clock) {}

   // Nothing if the path is none of its own.
   std::optional<Reply> answer(const Request& request);

 private:
   // These throw a Refusal.
   Reply reply_to(const Request& request);
   Reply token(const Client& client, const Form& form);
   Tokens redeem(const Client& client, const Form& form, const std::string& grant);
   // RFC 6749 2.3: by the header, by the form, by a signed assertion (RFC 7523 2.2), or by its name alone if it is
   // public.
   const Client& identify(const Request& request, const Form& form);
   const Client& identify_by_assertion(const Form& form);
   // RFC 7523 2.1: the signature says for whom, and by whom.
   Reply token_by_assertion(const Form& form);
   Scopes asked(const Client& client, const std::string& text) const;

   const Scenario& scenario_;
   Grants& grants_;
   Assertions assertions_;
};

}  // namespace msp::sim::oauth
