#include "sim_oauth_fixture.hpp"

namespace msp::sim {
namespace {

std::string error_of(const ClientAnswer& answer) { return text_of(answer.body, "error"); }

class OAuthDevice : public OAuthSim {
 protected:
   std::string begin(const std::string& scenario = "") {
      start(scenario);
      return post("/device_authorization", {{"client_id", "console-public"}, {"scope", "companies.read"}}).body;
   }

   ClientAnswer ask(const std::string& codes) {
      return post("/token", {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                             {"device_code", text_of(codes, "device_code")},
                             {"client_id", "console-public"}});
   }
};

TEST_F(OAuthDevice, a_person_types_the_code_signs_in_and_allows) {
   const std::string codes = begin();
   EXPECT_EQ(text_of(codes, "verification_uri"), kLogin + "/device");
   EXPECT_EQ(error_of(ask(codes)), "authorization_pending");
   EXPECT_NE(client->get(kLogin + "/device").body.find("name=\"user_code\""), std::string::npos);
   const ClientAnswer done = sign_in(post("/device", {{"user_code", text_of(codes, "user_code")}}));
   EXPECT_NE(done.body.find("You can close this page."), std::string::npos) << done.body;
   const ClientAnswer tokens = ask(codes);
   EXPECT_EQ(tokens.status, 200) << tokens.body;
   EXPECT_EQ(text_of(tokens.body, "scope"), "companies.read");
   EXPECT_EQ(text_of(call("/me", text_of(tokens.body, "access_token")).body, "sub"), "ada@harbour.example");
   EXPECT_EQ(refresh(text_of(tokens.body, "refresh_token")).status, 200);
   EXPECT_EQ(error_of(ask(codes)), "invalid_grant") << "a device code works once";
}

TEST_F(OAuthDevice, the_code_is_taken_in_any_case_and_without_its_hyphen) {
   const std::string codes = begin();
   std::string typed = text_of(codes, "user_code");
   EXPECT_EQ(typed.size(), 9U);
   typed.erase(4, 1);
   for (char& c : typed) c = static_cast<char>(c - 'A' + 'a');
   EXPECT_NE(visit_of(post("/device", {{"user_code", " " + typed}})), "");
}

TEST_F(OAuthDevice, the_complete_address_brings_the_code_along_where_there_is_one) {
   const std::string codes = begin();
   EXPECT_NE(visit_of(client->get(text_of(codes, "verification_uri_complete"))), "");
   EXPECT_EQ(text_of(begin(R"({"device_complete_uri":false})"), "verification_uri_complete"), "");
}

TEST_F(OAuthDevice, a_person_who_refuses_is_access_denied) {
   const std::string codes = begin();
   sign_in(post("/device", {{"user_code", text_of(codes, "user_code")}}), "ada@harbour.example", "Throw$away,1",
           "deny");
   EXPECT_EQ(error_of(ask(codes)), "access_denied");
}

TEST_F(OAuthDevice, a_wrong_or_used_code_is_told_on_the_page) {
   const std::string codes = begin();
   EXPECT_NE(post("/device", {{"user_code", "WXYZ-WXYZ"}}).body.find("This code is unknown"), std::string::npos);
   sign_in(post("/device", {{"user_code", text_of(codes, "user_code")}}));
   EXPECT_EQ(visit_of(post("/device", {{"user_code", text_of(codes, "user_code")}})), "");
}

TEST_F(OAuthDevice, a_code_expires_for_the_program_and_for_the_person) {
   const std::string codes = begin(R"({"device_seconds":900})");
   simulator->advance(std::chrono::seconds(900));
   EXPECT_EQ(error_of(ask(codes)), "expired_token");
   EXPECT_EQ(visit_of(post("/device", {{"user_code", text_of(codes, "user_code")}})), "");
}

TEST_F(OAuthDevice, who_asks_too_often_is_told_to_slow_down_by_five_seconds) {
   const std::string codes = begin(R"({"device_interval":5})");
   EXPECT_EQ(error_of(ask(codes)), "authorization_pending");
   EXPECT_EQ(error_of(ask(codes)), "slow_down");
   simulator->advance(std::chrono::seconds(9));
   EXPECT_EQ(error_of(ask(codes)), "slow_down");
   simulator->advance(std::chrono::seconds(15));
   EXPECT_EQ(error_of(ask(codes)), "authorization_pending");
}

TEST_F(OAuthDevice, a_scenario_decides_by_itself_for_tests_without_a_browser) {
   const std::string allowed =
       begin(R"({"device_answer":"allow","device_answer_at":3,"signed_in":"ben@pier.example"})");
   EXPECT_EQ(error_of(ask(allowed)), "authorization_pending");
   EXPECT_EQ(error_of(ask(allowed)), "authorization_pending");
   EXPECT_EQ(text_of(call("/me", text_of(ask(allowed).body, "access_token")).body, "sub"), "ben@pier.example");
   const std::string denied = begin(R"({"device_answer":"deny"})");
   EXPECT_EQ(error_of(ask(denied)), "access_denied");
}

TEST_F(OAuthDevice, a_code_belongs_to_one_client_and_needs_the_grant) {
   const std::string codes = begin(R"({"device_answer":"allow"})");
   EXPECT_EQ(error_of(post("/token", {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                                      {"device_code", text_of(codes, "device_code")},
                                      {"client_id", "console-secret"},
                                      {"client_secret", "throw-away-client-secret-1"}})),
             "invalid_grant");
   EXPECT_EQ(error_of(post("/device_authorization",
                           {{"client_id", "console-service"}, {"client_secret", "throw-away-client-secret-2"}})),
             "unauthorized_client");
   EXPECT_EQ(error_of(post("/device_authorization", {{"client_id", "console-public"}, {"scope", "all"}})),
             "invalid_scope");
}

}  // namespace
}  // namespace msp::sim
