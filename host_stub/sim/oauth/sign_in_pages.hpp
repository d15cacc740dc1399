// sign_in_pages.hpp - what a person meets in the browser: the authorization endpoint, sign-in, consent, device codes.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "sim/form.hpp"
#include "sim/oauth/grants.hpp"

namespace msp::sim::oauth {

// Plain forms, which work without scripts:
//
//    /authorize -> form to /sign-in (login, password) -> form to /consent (decision=allow|deny) -> redirect_uri
//    /device    -> form to /device (user_code)        -> the same, and a page at the end
//
// [any-thread]
class SignInPages {
 public:
   SignInPages(const Scenario& scenario, Grants& grants) : scenario_(scenario), grants_(grants) {}

   // Nothing if the path is none of these pages.
   std::optional<Reply> answer(const Request& request);

 private:
   // One person's way through the pages.
   struct Visit {
      const Client* client = nullptr;
      Scopes scopes;
      std::string redirect_uri;  // empty: of a device code
      std::string state;
      CodeTerms terms;
      std::string user_code;  // of a device code
      const User* user = nullptr;
   };

   Reply authorize(const Form& form);
   Reply device(const Form& form);
   Reply sign_in(const Form& form);
   Reply consent(const Form& form);

   Reply begin(Visit visit);
   Reply signed_in(const std::string& id, Visit visit);
   // A visit without a user is one that the person refused.
   Reply finish(const Visit& visit);
   // To the redirect_uri, with what is not empty.
   Reply back(const Visit& visit, const std::string& error, const std::string& description,
              const std::string& code = "") const;
   Reply page(const std::string& title, const std::string& content, int status = 200) const;
   Reply sign_in_is_over() const;
   Reply sign_in_page(const std::string& id, const Visit& visit, const std::string& problem = "") const;
   Reply consent_page(const std::string& id, const Visit& visit) const;
   Reply device_page(const std::string& problem = "") const;

   // The error of an authorization request whose client and redirect_uri are right; nothing if it is sound.
   std::optional<Reply> judge(const Form& form, Visit& visit) const;

   std::optional<Visit> find_visit(const std::string& id) const;
   // Found by one caller only.
   std::optional<Visit> take_visit(const std::string& id);

   const Scenario& scenario_;
   Grants& grants_;
   mutable std::mutex mutex_;
   std::map<std::string, Visit> visits_;
};

// RFC 6749 3.1.2.3 compares letter by letter; RFC 8252 7.3 lets the port of a loopback address vary.
bool is_registered(const Client& client, const std::string& redirect_uri);

// The scopes of the text, all of the client's if there are none; nothing if one is not the client's to ask for.
std::optional<Scopes> asked_scopes(const Scenario& scenario, const Client& client, const std::string& text);

}  // namespace msp::sim::oauth
