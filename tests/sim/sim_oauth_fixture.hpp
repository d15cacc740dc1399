#pragma once

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <map>

#include "sim/form.hpp"
#include "sim/oauth/oauth_sim.hpp"
#include "sim_client.hpp"

namespace msp::sim {

const std::string kLogin = "https://login.example.com";
const std::string kApi = "https://api.example.com/api/v1";

// The example of RFC 7636, appendix B.
const std::string kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const std::string kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const std::string kBack = "http://127.0.0.1:8123/callback";

using Pairs = std::map<std::string, std::string>;

inline std::string form_text(const Pairs& pairs) {
   std::string text;
   for (const auto& [name, value] : pairs)
      text += (text.empty() ? "" : "&") + percent_encoded(name) + '=' + percent_encoded(value);
   return text;
}

// What differs from a sound set; an empty value takes the parameter away.
inline Pairs changed(Pairs pairs, const Pairs& changes) {
   for (const auto& [name, value] : changes) pairs[name] = value;
   std::erase_if(pairs, [](const auto& pair) { return pair.second.empty(); });
   return pairs;
}

inline std::string text_of(const std::string& json, const char* key) {
   rapidjson::Document document;
   document.Parse(json);
   if (!document.IsObject() || !document.HasMember(key) || !document[key].IsString()) return "";
   return document[key].GetString();
}

// A person, a browser and a client in front of the simulated servers.
class OAuthSim : public testing::Test {
 protected:
   void start(const std::string& scenario = "") {
      simulator = std::make_unique<OAuthSimulator>(scenario);
      client = std::make_unique<SimClient>(simulator->ca_pem(), simulator->connect_to());
   }

   ClientAnswer post(const std::string& path, const Pairs& form, const std::vector<std::string>& headers = {}) {
      return client->send("POST", kLogin + path, headers, form_text(form));
   }

   ClientAnswer authorize(const Pairs& changes = {}) {
      const Pairs sound = {{"response_type", "code"},      {"client_id", "console-public"},
                           {"redirect_uri", kBack},        {"state", "a&b=c"},
                           {"code_challenge", kChallenge}, {"code_challenge_method", "S256"}};
      return client->get(kLogin + "/authorize?" + form_text(changed(sound, changes)));
   }

   // Types name and password into the page, and answers the page that asks for consent if there is one.
   ClientAnswer sign_in(const ClientAnswer& page, const std::string& login = "ada@harbour.example",
                        const std::string& password = "Throw$away,1", const std::string& decision = "allow") {
      const ClientAnswer next = post("/sign-in", {{"visit", visit_of(page)}, {"login", login}, {"password", password}});
      if (next.body.find("/consent") == std::string::npos) return next;
      return post("/consent", {{"visit", visit_of(next)}, {"decision", decision}});
   }

   static std::string visit_of(const ClientAnswer& page) {
      const std::string before = "name=\"visit\" value=\"";
      const std::size_t start = page.body.find(before);
      if (start == std::string::npos) return "";
      return page.body.substr(start + before.size(),
                              page.body.find('"', start + before.size()) - start - before.size());
   }

   static std::string location(const ClientAnswer& answer) {
      const std::string before = "Location: ";
      const std::size_t start = answer.headers.find(before);
      if (start == std::string::npos) return "";
      return answer.headers.substr(start + before.size(), answer.headers.find('\r', start) - start - before.size());
   }

   // What came back with the browser.
   static Form came_back(const ClientAnswer& answer) {
      const std::string address = location(answer);
      return Form(address.substr(std::min(address.size(), address.find('?') + 1)));
   }

   std::string new_code(const Pairs& changes = {}) { return came_back(sign_in(authorize(changes))).value("code"); }

   ClientAnswer redeem(const std::string& code, const Pairs& changes = {}) {
      const Pairs sound = {{"grant_type", "authorization_code"},
                           {"code", code},
                           {"redirect_uri", kBack},
                           {"client_id", "console-public"},
                           {"code_verifier", kVerifier}};
      return post("/token", changed(sound, changes));
   }

   ClientAnswer refresh(const std::string& token, const Pairs& changes = {}) {
      const Pairs sound = {{"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", "console-public"}};
      return post("/token", changed(sound, changes));
   }

   // On a connection of its own, because curl sends a request again whose reused connection ends without an answer.
   ClientAnswer refresh_once(const std::string& token) {
      client = std::make_unique<SimClient>(simulator->ca_pem(), simulator->connect_to());
      return refresh(token);
   }

   // The document with access and refresh token.
   std::string sign_in_tokens() { return redeem(new_code()).body; }

   ClientAnswer call(const std::string& route, const std::string& access_token, std::vector<std::string> headers = {},
                     const std::string& method = "GET") {
      headers.push_back("Authorization: Bearer " + access_token);
      return client->send(method, kApi + route, headers, "");
   }

   std::unique_ptr<OAuthSimulator> simulator;
   std::unique_ptr<SimClient> client;
};

}  // namespace msp::sim
