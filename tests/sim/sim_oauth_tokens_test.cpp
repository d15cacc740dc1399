#include <latch>
#include <thread>

#include "sim_oauth_fixture.hpp"

namespace msp::sim {
namespace {

std::string error_of(const ClientAnswer& answer) { return text_of(answer.body, "error"); }

TEST_F(OAuthSim, a_code_used_twice_is_refused_and_takes_back_what_it_gave) {
   start();
   const std::string code = new_code();
   const std::string tokens = redeem(code).body;
   EXPECT_EQ(call("/me", text_of(tokens, "access_token")).status, 200);
   EXPECT_EQ(error_of(redeem(code)), "invalid_grant");
   EXPECT_EQ(call("/me", text_of(tokens, "access_token")).status, 401);
   EXPECT_EQ(error_of(refresh(text_of(tokens, "refresh_token"))), "invalid_grant");
}

TEST_F(OAuthSim, a_code_expires) {
   start(R"({"code_seconds":60})");
   const std::string code = new_code();
   simulator->advance(std::chrono::seconds(60));
   EXPECT_EQ(error_of(redeem(code)), "invalid_grant");
}

struct TokenError {
   const char* name;
   Pairs changes;
   const char* error;
   long status = 400;
};

class OAuthTokenError : public OAuthSim, public testing::WithParamInterface<TokenError> {};

TEST_P(OAuthTokenError, is_told_as_rfc_6749_says_and_spends_no_code) {
   start();
   const std::string code = new_code();
   const ClientAnswer answer = redeem(code, GetParam().changes);
   EXPECT_EQ(error_of(answer), GetParam().error) << answer.body;
   EXPECT_EQ(answer.status, GetParam().status);
   EXPECT_EQ(redeem(code).status, 200);
}

INSTANTIATE_TEST_SUITE_P(
    Each, OAuthTokenError,
    testing::Values(TokenError{"no_grant", {{"grant_type", ""}}, "invalid_request"},
                    TokenError{"unknown_grant", {{"grant_type", "password"}}, "unsupported_grant_type"},
                    TokenError{"grant_of_others", {{"grant_type", "client_credentials"}}, "unauthorized_client"},
                    TokenError{"no_code", {{"code", ""}}, "invalid_request"},
                    TokenError{"unknown_code", {{"code", "c0de"}}, "invalid_grant"},
                    TokenError{"unknown_client", {{"client_id", "nobody"}}, "invalid_client", 401},
                    TokenError{"no_client", {{"client_id", ""}}, "invalid_client", 401},
                    TokenError{"client_without_its_secret", {{"client_id", "console-secret"}}, "invalid_client", 401},
                    TokenError{"code_of_another_client",
                               {{"client_id", "console-secret"}, {"client_secret", "throw-away-client-secret-1"}},
                               "invalid_grant"},
                    TokenError{"other_redirect", {{"redirect_uri", "http://127.0.0.1:8124/callback"}}, "invalid_grant"},
                    TokenError{"no_redirect", {{"redirect_uri", ""}}, "invalid_grant"},
                    TokenError{"wrong_verifier", {{"code_verifier", kVerifier + "x"}}, "invalid_grant"},
                    TokenError{"challenge_as_verifier", {{"code_verifier", kChallenge}}, "invalid_grant"},
                    TokenError{"no_verifier", {{"code_verifier", ""}}, "invalid_grant"}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST_F(OAuthSim, the_token_endpoint_takes_forms_by_post_alone) {
   start();
   EXPECT_EQ(client->get(kLogin + "/token?grant_type=authorization_code").status, 405);
   EXPECT_EQ(client->send("POST", kLogin + "/token", {"Content-Type: application/json"}, "{}").status, 400);
   EXPECT_EQ(error_of(client->send("POST", kLogin + "/token", {}, "grant_type=a&grant_type=b")), "invalid_request");
}

TEST_F(OAuthSim, a_confidential_client_says_its_secret_in_header_or_form_and_not_in_both) {
   start();
   const Pairs named = {{"client_id", "console-secret"}};
   // base64 of console-secret:throw-away-client-secret-1, each half form-encoded: %2D is a hyphen.
   const std::string basic = "Authorization: Basic Y29uc29sZSUyRHNlY3JldDp0aHJvdy1hd2F5LWNsaWVudC1zZWNyZXQtMQ==";
   const Pairs by_header = {
       {"grant_type", "authorization_code"}, {"redirect_uri", kBack}, {"code_verifier", kVerifier}};
   EXPECT_EQ(post("/token", changed(by_header, {{"code", new_code(named)}}), {basic}).status, 200);
   const Pairs by_form = {{"client_id", "console-secret"}, {"client_secret", "throw-away-client-secret-1"}};
   EXPECT_EQ(redeem(new_code(named), by_form).status, 200);
   const ClientAnswer both =
       post("/token", changed(by_header, {{"code", new_code(named)}, {"client_secret", "throw-away-client-secret-1"}}),
            {basic});
   EXPECT_EQ(error_of(both), "invalid_request");
   const ClientAnswer wrong = post("/token", by_header, {"Authorization: Basic bm9ib2R5OndvcmQ="});
   EXPECT_EQ(wrong.status, 401);
   EXPECT_NE(wrong.headers.find("WWW-Authenticate: Basic"), std::string::npos);
}

TEST_F(OAuthSim, a_client_registered_for_one_way_is_refused_by_the_other) {
   const std::string clients = R"("clients":[{"id":"c","secret":"s","grants":["client_credentials"],"authentication":)";
   const Pairs form = {{"grant_type", "client_credentials"}, {"client_id", "c"}, {"client_secret", "s"}};
   const std::string basic = "Authorization: Basic Yzpz";
   start('{' + clients + R"("basic"}]})");
   EXPECT_EQ(error_of(post("/token", form)), "invalid_client");
   EXPECT_EQ(post("/token", {{"grant_type", "client_credentials"}}, {basic}).status, 200);
   start('{' + clients + R"("body"}]})");
   EXPECT_EQ(post("/token", form).status, 200);
   EXPECT_EQ(error_of(post("/token", {{"grant_type", "client_credentials"}}, {basic})), "invalid_client");
}

TEST_F(OAuthSim, a_refresh_token_works_once_and_its_reuse_revokes_all_that_came_of_the_sign_in) {
   start();
   const std::string first = sign_in_tokens();
   const std::string second = refresh(text_of(first, "refresh_token")).body;
   EXPECT_NE(text_of(second, "refresh_token"), text_of(first, "refresh_token"));
   EXPECT_EQ(call("/me", text_of(second, "access_token")).status, 200);
   EXPECT_EQ(error_of(refresh(text_of(first, "refresh_token"))), "invalid_grant");
   EXPECT_EQ(simulator->reused(), 1U);
   EXPECT_EQ(error_of(refresh(text_of(second, "refresh_token"))), "invalid_grant");
   EXPECT_EQ(call("/me", text_of(second, "access_token")).status, 401);
   EXPECT_EQ(refresh(text_of(sign_in_tokens(), "refresh_token")).status, 200) << "another sign-in is not touched";
}

TEST_F(OAuthSim, of_eight_clients_with_one_refresh_token_exactly_one_wins) {
   start(R"({"reuse":"refused"})");
   const std::string token = text_of(sign_in_tokens(), "refresh_token");
   constexpr std::size_t clients = 8;
   simulator->server().hold_until(clients, [](const Request& request) { return request.path == "/token"; });
   std::vector<ClientAnswer> answers(clients);
   std::vector<std::thread> threads;
   const std::string form =
       form_text({{"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", "console-public"}});
   for (ClientAnswer& answer : answers)
      threads.emplace_back([&] {
         SimClient own(simulator->ca_pem(), simulator->connect_to());
         answer = own.send("POST", kLogin + "/token", {}, form);
      });
   for (std::thread& each : threads) each.join();
   simulator->server().hold_until(0);
   std::string winner;
   for (const ClientAnswer& answer : answers) {
      if (answer.status == 200) {
         EXPECT_EQ(winner, "");
         winner = text_of(answer.body, "refresh_token");
      } else {
         EXPECT_EQ(error_of(answer), "invalid_grant");
      }
   }
   EXPECT_EQ(simulator->refreshed(), 1U);
   EXPECT_EQ(simulator->reused(), clients - 1);
   EXPECT_EQ(refresh(winner).status, 200);
}

TEST_F(OAuthSim, a_spent_refresh_token_works_within_the_grace_and_not_after) {
   start(R"({"reuse_grace_seconds":30})");
   const std::string token = text_of(sign_in_tokens(), "refresh_token");
   EXPECT_EQ(refresh(token).status, 200);
   EXPECT_EQ(refresh(token).status, 200);
   simulator->advance(std::chrono::seconds(30));
   EXPECT_EQ(error_of(refresh(token)), "invalid_grant");
}

TEST_F(OAuthSim, a_refresh_token_stays_where_the_scenario_says_so) {
   start(R"({"refresh_tokens":"stays"})");
   const std::string token = text_of(sign_in_tokens(), "refresh_token");
   for (int i = 0; i < 3; ++i) {
      const ClientAnswer answer = refresh(token);
      EXPECT_EQ(answer.status, 200);
      EXPECT_EQ(text_of(answer.body, "refresh_token"), "");
   }
}

TEST_F(OAuthSim, a_refresh_token_expires_and_belongs_to_one_client) {
   start(R"({"refresh_token_seconds":100})");
   const std::string token = text_of(sign_in_tokens(), "refresh_token");
   EXPECT_EQ(
       error_of(refresh(token, {{"client_id", "console-secret"}, {"client_secret", "throw-away-client-secret-1"}})),
       "invalid_grant");
   EXPECT_EQ(simulator->reused(), 0U);
   simulator->advance(std::chrono::seconds(100));
   EXPECT_EQ(error_of(refresh(token)), "invalid_grant");
}

TEST_F(OAuthSim, a_refresh_may_narrow_the_scopes_and_not_widen_them) {
   start();
   const std::string code = new_code({{"scope", "companies.read tickets.read"}});
   const std::string token = text_of(redeem(code).body, "refresh_token");
   EXPECT_EQ(error_of(refresh(token, {{"scope", "companies.write"}})), "invalid_scope");
   const ClientAnswer narrow = refresh(token, {{"scope", "companies.read"}});
   EXPECT_EQ(text_of(narrow.body, "scope"), "companies.read");
   EXPECT_EQ(call("/tickets", text_of(narrow.body, "access_token")).status, 403);
   EXPECT_EQ(text_of(refresh(text_of(narrow.body, "refresh_token")).body, "scope"), "companies.read tickets.read");
}

TEST_F(OAuthSim, there_is_no_refresh_token_without_offline_access_where_it_is_needed) {
   start(R"({"refresh_needs_offline_access":true})");
   EXPECT_EQ(text_of(redeem(new_code({{"scope", "companies.read"}})).body, "refresh_token"), "");
   EXPECT_NE(text_of(redeem(new_code({{"scope", "companies.read offline_access"}})).body, "refresh_token"), "");
}

TEST_F(OAuthSim, an_answer_lost_on_its_way_has_rotated_the_refresh_token_all_the_same) {
   start(R"({"faults":[{"match":{"path":"/token","body":"grant_type=refresh_token"},"times":1,"fault":"lost"}]})");
   const std::string token = text_of(sign_in_tokens(), "refresh_token");
   EXPECT_NE(refresh_once(token).code, CURLE_OK);
   EXPECT_EQ(simulator->refreshed(), 1U);
   EXPECT_EQ(error_of(refresh(token)), "invalid_grant");
   EXPECT_EQ(simulator->reused(), 1U);
}

TEST_F(OAuthSim, a_connection_reset_before_has_rotated_nothing) {
   start(R"({"faults":[{"match":{"path":"/token","body":"grant_type=refresh_token"},"times":1,"fault":"reset"}]})");
   const std::string token = text_of(sign_in_tokens(), "refresh_token");
   EXPECT_NE(refresh_once(token).code, CURLE_OK);
   EXPECT_EQ(refresh(token).status, 200);
   EXPECT_EQ(simulator->reused(), 0U);
}

TEST_F(OAuthSim, an_access_token_expires_by_time_and_by_uses) {
   start(R"({"access_token_seconds":300,"access_token_uses":2})");
   const std::string token = text_of(sign_in_tokens(), "access_token");
   simulator->advance(std::chrono::seconds(299));
   EXPECT_EQ(call("/me", token).status, 200);
   EXPECT_EQ(call("/me", token).status, 200);
   EXPECT_EQ(call("/me", token).status, 401);
   const std::string other = text_of(sign_in_tokens(), "access_token");
   simulator->advance(std::chrono::seconds(300));
   const ClientAnswer expired = call("/me", other);
   EXPECT_EQ(expired.status, 401);
   EXPECT_NE(expired.headers.find("error=\"invalid_token\""), std::string::npos);
}

TEST_F(OAuthSim, the_api_gives_each_what_scope_user_and_tenant_allow) {
   start();
   const std::string ada = text_of(sign_in_tokens(), "access_token");
   EXPECT_NE(call("/companies", ada).body.find("Adventure Bakery"), std::string::npos);
   EXPECT_EQ(call("/companies", ada, {}, "POST").status, 201);
   EXPECT_EQ(call("/companies", ada, {"Tenant-Id: 9e42"}).status, 403);
   EXPECT_EQ(call("/nothing", ada).status, 404);

   const ClientAnswer dan_back = sign_in(authorize(), "dan@harbour.example", "Throw$away,4");
   const ClientAnswer dan_tokens = redeem(came_back(dan_back).value("code"));
   EXPECT_EQ(text_of(dan_tokens.body, "scope"), "companies.read devices.read offline_access");
   const ClientAnswer refused = call("/tickets", text_of(dan_tokens.body, "access_token"));
   EXPECT_EQ(refused.status, 403);
   EXPECT_NE(refused.headers.find(R"(error="insufficient_scope", scope="tickets.read")"), std::string::npos);

   const ClientAnswer cleo_back = sign_in(authorize(), "cleo@both.example", "Throw$away,3");
   const std::string cleo = text_of(redeem(came_back(cleo_back).value("code")).body, "access_token");
   EXPECT_NE(call("/companies", cleo, {"Tenant-Id: 9e42"}).body.find("Cedar Street Dental"), std::string::npos);
   EXPECT_NE(call("/tenants", cleo).body.find("North Pier Systems"), std::string::npos);

   const ClientAnswer nobody = client->get(kApi + "/me");
   EXPECT_EQ(nobody.status, 401);
   EXPECT_EQ(nobody.headers.find("error="), std::string::npos) << "RFC 6750 3.1: no error for who said nothing";
}

TEST_F(OAuthSim, a_client_that_signs_in_for_itself_gets_no_refresh_token) {
   start();
   const ClientAnswer answer = post("/token", {{"grant_type", "client_credentials"},
                                               {"client_id", "console-service"},
                                               {"client_secret", "throw-away-client-secret-2"}});
   EXPECT_EQ(answer.status, 200) << answer.body;
   EXPECT_EQ(text_of(answer.body, "refresh_token"), "");
   const ClientAnswer who =
       client->get(kLogin + "/userinfo", {"Authorization: Bearer " + text_of(answer.body, "access_token")});
   EXPECT_EQ(text_of(who.body, "sub"), "console-service");
}

TEST_F(OAuthSim, revocation_of_a_refresh_token_takes_the_access_tokens_with_it) {
   start();
   const std::string tokens = sign_in_tokens();
   const std::string other = sign_in_tokens();
   const Pairs named = {{"client_id", "console-public"}};
   EXPECT_EQ(post("/revoke", changed(named, {{"token", text_of(tokens, "refresh_token")}})).status, 200);
   EXPECT_EQ(call("/me", text_of(tokens, "access_token")).status, 401);
   EXPECT_EQ(error_of(refresh(text_of(tokens, "refresh_token"))), "invalid_grant");
   EXPECT_EQ(post("/revoke", changed(named, {{"token", text_of(other, "access_token")}})).status, 200);
   EXPECT_EQ(call("/me", text_of(other, "access_token")).status, 401);
   EXPECT_EQ(refresh(text_of(other, "refresh_token")).status, 200);
   EXPECT_EQ(post("/revoke", changed(named, {{"token", "unknown"}})).status, 200) << "RFC 7009 2.2";
   EXPECT_EQ(error_of(post("/revoke", named)), "invalid_request");
}

TEST_F(OAuthSim, nobody_revokes_the_token_of_another_client) {
   start();
   const std::string token = text_of(sign_in_tokens(), "refresh_token");
   EXPECT_EQ(error_of(post(
                 "/revoke",
                 {{"token", token}, {"client_id", "console-secret"}, {"client_secret", "throw-away-client-secret-1"}})),
             "invalid_grant");
   EXPECT_EQ(refresh(token).status, 200);
}

TEST_F(OAuthSim, what_a_person_takes_back_at_the_platform_is_gone) {
   start();
   const std::string tokens = sign_in_tokens();
   simulator->revoke_all();
   EXPECT_EQ(call("/me", text_of(tokens, "access_token")).status, 401);
   EXPECT_EQ(error_of(refresh(text_of(tokens, "refresh_token"))), "invalid_grant");
}

TEST_F(OAuthSim, the_metadata_name_the_endpoints) {
   start();
   const std::string body = client->get(kLogin + "/.well-known/oauth-authorization-server").body;
   EXPECT_EQ(text_of(body, "issuer"), kLogin);
   EXPECT_EQ(text_of(body, "token_endpoint"), kLogin + "/token");
}

}  // namespace
}  // namespace msp::sim
