#include "sim/scenario_reader.hpp"
#include "sim_oauth_fixture.hpp"

namespace msp::sim {
namespace {

TEST_F(OAuthSim, a_person_signs_in_allows_and_comes_back_with_a_code) {
   start();
   const ClientAnswer page = authorize();
   EXPECT_EQ(page.status, 200);
   EXPECT_NE(page.body.find("Security console"), std::string::npos);
   const ClientAnswer back = sign_in(page);
   EXPECT_EQ(back.status, 303);
   EXPECT_TRUE(location(back).starts_with(kBack + '?'));
   EXPECT_EQ(came_back(back).value("state"), "a&b=c");
   EXPECT_EQ(came_back(back).value("iss"), kLogin);
   const ClientAnswer tokens = redeem(came_back(back).value("code"));
   EXPECT_EQ(tokens.status, 200) << tokens.body;
   EXPECT_NE(tokens.headers.find("Cache-Control: no-store"), std::string::npos);
   EXPECT_EQ(text_of(tokens.body, "token_type"), "Bearer");
   const ClientAnswer who = call("/me", text_of(tokens.body, "access_token"));
   EXPECT_EQ(text_of(who.body, "sub"), "ada@harbour.example");
   EXPECT_NE(who.body.find(R"("tenant":{"id":"7d1c","name":"Harbour Street IT"})"), std::string::npos) << who.body;
   EXPECT_EQ(simulator->codes_redeemed(), 1U);
}

TEST_F(OAuthSim, a_wrong_password_is_told_on_the_page_and_can_be_typed_again) {
   start();
   const ClientAnswer page = authorize();
   const ClientAnswer again = sign_in(page, "ada@harbour.example", "wrong");
   EXPECT_NE(again.body.find("The user name or the password is wrong."), std::string::npos);
   EXPECT_NE(sign_in(page, "eve@harbour.example", "Throw$away,5").body.find("is wrong"), std::string::npos);
   EXPECT_NE(came_back(sign_in(again)).value("code"), "");
}

TEST_F(OAuthSim, a_person_who_refuses_or_cancels_comes_back_with_access_denied) {
   start();
   const Form refused = came_back(sign_in(authorize(), "ada@harbour.example", "Throw$away,1", "deny"));
   EXPECT_EQ(refused.value("error"), "access_denied");
   EXPECT_EQ(refused.value("state"), "a&b=c");
   EXPECT_EQ(refused.value("iss"), kLogin);
   EXPECT_EQ(refused.value("code"), "");
   const ClientAnswer cancelled = post("/sign-in", {{"visit", visit_of(authorize())}, {"decision", "deny"}});
   EXPECT_EQ(came_back(cancelled).value("error"), "access_denied");
}

TEST_F(OAuthSim, one_consent_gives_one_code) {
   start();
   const ClientAnswer asks = post(
       "/sign-in", {{"visit", visit_of(authorize())}, {"login", "ada@harbour.example"}, {"password", "Throw$away,1"}});
   const Pairs allow = {{"visit", visit_of(asks)}, {"decision", "allow"}};
   EXPECT_EQ(post("/consent", allow).status, 303);
   EXPECT_EQ(post("/consent", allow).status, 400);
}

TEST_F(OAuthSim, nobody_consents_without_having_signed_in) {
   start();
   EXPECT_EQ(post("/consent", {{"visit", visit_of(authorize())}, {"decision", "allow"}}).status, 400);
}

TEST_F(OAuthSim, a_browser_with_a_session_and_no_consent_comes_back_at_once) {
   start(R"({"signed_in":"ben@pier.example","consent":false})");
   const std::string code = came_back(authorize()).value("code");
   EXPECT_EQ(text_of(call("/me", text_of(redeem(code).body, "access_token")).body, "sub"), "ben@pier.example");
}

TEST_F(OAuthSim, an_unknown_client_or_redirect_address_is_a_page_and_sends_nobody_anywhere) {
   start();
   for (const Pairs& changes : {Pairs{{"client_id", "nobody"}}, Pairs{{"client_id", ""}}, Pairs{{"redirect_uri", ""}},
                                Pairs{{"redirect_uri", "https://console.example.com/callback/"}},
                                Pairs{{"redirect_uri", "https://console.example.com:444/callback"}},
                                Pairs{{"redirect_uri", "http://127.0.0.1:1@evil.example/callback"}},
                                Pairs{{"redirect_uri", "http://127.0.0.1.evil.example/callback"}},
                                Pairs{{"redirect_uri", "http://127.0.0.1:/callback"}},
                                Pairs{{"redirect_uri", "http://127.0.0.1:8123/callback/more"}},
                                Pairs{{"redirect_uri", "http://localhost:8123/callback"}}}) {
      const ClientAnswer answer = authorize(changes);
      EXPECT_EQ(answer.status, 400) << changes.begin()->second;
      EXPECT_EQ(location(answer), "") << changes.begin()->second;
   }
}

TEST_F(OAuthSim, the_port_of_a_loopback_address_may_vary_and_nothing_else) {
   start();
   for (const char* address : {"http://127.0.0.1/callback", "http://127.0.0.1:1/callback", "http://127.0.0.1:65535/",
                               "https://console.example.com/callback"})
      EXPECT_TRUE(location(sign_in(authorize({{"redirect_uri", address}}))).starts_with(address)) << address;
}

struct RequestError {
   const char* name;
   Pairs changes;
   const char* error;
   const char* scenario = "";
};

class OAuthRequestError : public OAuthSim, public testing::WithParamInterface<RequestError> {};

TEST_P(OAuthRequestError, is_told_at_the_redirect_address) {
   start(GetParam().scenario);
   const ClientAnswer answer = authorize(GetParam().changes);
   EXPECT_EQ(answer.status, 303) << answer.body;
   EXPECT_EQ(came_back(answer).value("error"), GetParam().error);
   EXPECT_EQ(came_back(answer).value("state"), "a&b=c");
}

INSTANTIATE_TEST_SUITE_P(
    Each, OAuthRequestError,
    testing::Values(RequestError{"no_response_type", {{"response_type", ""}}, "invalid_request"},
                    RequestError{"implicit", {{"response_type", "token"}}, "unsupported_response_type"},
                    RequestError{"unknown_scope", {{"scope", "companies.read everything"}}, "invalid_scope"},
                    RequestError{"no_challenge", {{"code_challenge", ""}}, "invalid_request"},
                    RequestError{"plain_challenge", {{"code_challenge_method", "plain"}}, "invalid_request"},
                    RequestError{"challenge_without_method", {{"code_challenge_method", ""}}, "invalid_request"},
                    RequestError{"short_challenge", {{"code_challenge", kChallenge.substr(1)}}, "invalid_request"},
                    RequestError{"grant_not_registered",
                                 {},
                                 "unauthorized_client",
                                 R"({"clients":[{"id":"console-public","redirect_uris":["http://127.0.0.1/callback"],
                        "grants":["refresh_token"]}]})"}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST_F(OAuthSim, a_parameter_that_comes_twice_is_an_invalid_request) {
   start();
   const ClientAnswer answer =
       client->get(kLogin + "/authorize?" + form_text({{"client_id", "console-public"}, {"redirect_uri", kBack}}) +
                   "&scope=companies.read&scope=tickets.read&response_type=code");
   EXPECT_EQ(came_back(answer).value("error"), "invalid_request");
}

TEST_F(OAuthSim, pkce_is_optional_where_the_scenario_says_so_and_kept_where_it_was_begun) {
   start(R"({"pkce_required":false})");
   const Pairs without = {{"code_challenge", ""}, {"code_challenge_method", ""}};
   EXPECT_EQ(redeem(new_code(without), {{"code_verifier", ""}}).status, 200);
   EXPECT_EQ(text_of(redeem(new_code(without)).body, "error"), "invalid_grant") << "a verifier that nobody announced";
   EXPECT_EQ(text_of(redeem(new_code(), {{"code_verifier", ""}}).body, "error"), "invalid_grant");
   EXPECT_EQ(redeem(new_code()).status, 200);
}

TEST_F(OAuthSim, state_and_issuer_can_be_wrong_or_absent) {
   start(R"({"iss":"wrong","state":"absent"})");
   const Form wrong = came_back(sign_in(authorize()));
   EXPECT_EQ(wrong.value("iss"), "https://another.example.com");
   EXPECT_FALSE(wrong.has("state"));
   start(R"({"iss":"absent","state":"wrong"})");
   const Form absent = came_back(sign_in(authorize()));
   EXPECT_FALSE(absent.has("iss"));
   EXPECT_NE(absent.value("state"), "a&b=c");
}

TEST_F(OAuthSim, what_a_client_or_a_person_sends_stands_escaped_in_a_page) {
   start(R"({"clients":[{"id":"c","name":"<script>\"&'","redirect_uris":["http://127.0.0.1/callback"]}]})");
   const std::string body = authorize({{"client_id", "c"}}).body;
   EXPECT_EQ(body.find("<script>"), std::string::npos);
   EXPECT_NE(body.find("&lt;script&gt;&quot;&amp;&#39;"), std::string::npos);
}

TEST_F(OAuthSim, pages_carry_the_opener_policy_of_the_scenario) {
   start(R"({"opener_policy":"same-origin"})");
   EXPECT_NE(authorize().headers.find("Cross-Origin-Opener-Policy: same-origin"), std::string::npos);
}

TEST_F(OAuthSim, the_journal_holds_no_code_token_or_password) {
   start();
   const std::string tokens = sign_in_tokens();
   for (const JournalEntry& entry : simulator->journal()) EXPECT_EQ(entry.path.find('?'), std::string::npos);
   EXPECT_EQ(simulator->count_requests([](const JournalEntry& entry) { return entry.path == "/token"; }), 1U);
}

TEST_F(OAuthSim, a_scenario_with_a_wrong_name_is_refused_with_its_place) {
   for (const auto& [scenario, place] :
        {std::pair{R"({"users":[{"login":"a","tenants":["x"]}]})", "users[0].tenants:"},
         std::pair{R"({"clients":[{"id":"a","grants":["magic"]}]})", "clients[0].grants:"},
         std::pair{R"({"clients":[{"id":"a","scopes":["magic"]}]})", "clients[0].scopes:"},
         std::pair{R"({"signed_in":"nobody"})", "signed_in:"}, std::pair{R"({"pkce":true})", "pkce:"}}) {
      try {
         start(scenario);
         FAIL() << scenario;
      } catch (const ScenarioError& error) {
         EXPECT_TRUE(std::string(error.what()).starts_with(place)) << error.what();
      }
   }
}

}  // namespace
}  // namespace msp::sim
