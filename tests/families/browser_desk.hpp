// browser_desk.hpp - a platform where a person signs in in a browser, with refresh tokens that change at each use.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "family.hpp"
#include "msp/host/ascii.hpp"

namespace msp::test {

inline std::string parameter(std::string_view query, const std::string& name) {
   const std::size_t at = ("&" + std::string(query)).find("&" + name + "=");
   if (at == std::string::npos) return {};
   const std::string_view rest = query.substr(at + name.size() + 1);
   return host::percent_decoded(rest.substr(0, rest.find('&')));
}

// Each refresh token is good once; a spent one ends the whole sign-in.
class BrowserDesk {
 public:
   std::string scope = "companies.read tickets.read tickets.write";
   std::string login = "ada@harbour.example";
   std::set<std::string> refresh_tokens;
   int spent_twice = 0;
   int tokens = 0;
   bool revokes = true;  // or has no time for it
   Platform platform{{"login.example.com", "api.example.com"},
                     [this](const sim::Request& request) { return answer(request); }};

 private:
   sim::Reply answer(const sim::Request& request) {
      if (request.path == "/revoke") {
         if (!revokes) return sim::Reply::json("{}", 503);
         refresh_tokens.erase(parameter(request.body, "token"));
         return sim::Reply::json("");
      }
      if (request.host() == "login.example.com") return token(request.body);
      if (request.header("Authorization").value_or("").find("access-") == std::string::npos)
         return sim::Reply::json("{}", 401);
      return sim::Reply::json(R"({"sub":")" + login + R"(","tenant":{"id":"7d1c","name":"Harbour Street IT"}})");
   }

   sim::Reply token(const std::string& form) {
      if (parameter(form, "grant_type") == "refresh_token") {
         if (refresh_tokens.erase(parameter(form, "refresh_token")) == 0) {
            ++spent_twice;
            return sim::Reply::json(R"({"error":"invalid_grant"})", 400);
         }
      } else if (parameter(form, "code") != "the-code-of-ada" || parameter(form, "code_verifier").size() != 43) {
         return sim::Reply::json(R"({"error":"invalid_grant"})", 400);
      }
      const std::string number = std::to_string(++tokens);
      refresh_tokens.insert("refresh-" + number);
      return sim::Reply::json(R"({"access_token":"access-)" + number + R"(","refresh_token":"refresh-)" + number +
                              R"(","expires_in":3600,"scope":")" + scope + "\"}");
   }
};

}  // namespace msp::test
