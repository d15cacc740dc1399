// Client credentials: one token host, and an API host for each region.
#include <gmock/gmock.h>

#include <set>

#include "family.hpp"

namespace msp::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSecret = "s3cret+/of the client";

// A client whose home is one region. Each sign-in makes a token; the tokens in `good` are taken.
class ExampleDesk {
 public:
   std::string home = "eu.api.example.com";
   std::string scope = "tickets.read tickets.write";
   std::set<std::string> good;
   int tokens = 0;
   Platform platform{{"login.example.com", "eu.api.example.com", "us.api.example.com", "au.api.example.com"},
                     [this](const sim::Request& request) { return answer(request); }};

 private:
   sim::Reply answer(const sim::Request& request) {
      if (request.host() == "login.example.com") {
         // The body is a form: the secret arrives escaped, once.
         if (request.body !=
             "grant_type=client_credentials&client_id=console&client_secret=s3cret%2B%2Fof%20the%20client")
            return sim::Reply::json(R"({"error":"invalid_client"})", 401);
         const std::string token = "token-number-" + std::to_string(++tokens);
         good.insert("Bearer " + token);
         return sim::Reply::json(R"({"access_token":")" + token +
                                 R"(","token_type":"Bearer","expires_in":3600,"scope":")" + scope + "\"}");
      }
      if (!good.contains(request.header("Authorization").value_or(""))) return sim::Reply::json("{}", 401);
      if (request.host() != home) return sim::Reply::json("{}", 404);
      if (request.path == "/v1/organization") return sim::Reply::json(R"({"id":"org-77","name":"Example GmbH"})");
      return sim::Reply::json(R"({"path":")" + request.path + "\"}");
   }
};

Values of(const std::string& region) { return {{"region", region}, {"client_id", "console"}}; }

TEST(ClientCredentials, the_token_host_gives_the_token_and_the_region_s_host_takes_it) {
   for (const char* region : {"eu", "us", "au"}) {
      ExampleDesk desk;
      desk.home = std::string(region) + ".api.example.com";
      const Family plugin("client_credentials", desk.platform);
      const auto report = plugin.check(of(region), {{"client_secret", kSecret}});
      ASSERT_EQ(report.outcome, host::Outcome::accepted) << told(report);
      EXPECT_EQ(report.identity->account, "org-77");
      EXPECT_EQ(report.identity->label, "Example GmbH");
      EXPECT_EQ(report.identity->principal, "console");
      EXPECT_EQ(report.session->base_url, "https://" + desk.home + "/v1/");
      EXPECT_EQ(report.session->headers.at(0).second.view(), "Bearer token-number-1");
      EXPECT_GT(report.session->expires_at, 0);
      EXPECT_THAT(desk.platform.asked(),
                  ElementsAre("POST login.example.com/oauth/token", "GET " + desk.home + "/v1/organization"))
          << "one sign-in serves all three operations";
   }
}

TEST(ClientCredentials, a_client_that_is_refused_is_told_at_its_secret_and_no_region_hears_of_it) {
   ExampleDesk desk;
   const Family plugin("client_credentials", desk.platform);
   const auto report = plugin.check(of("eu"), {{"client_secret", "another one"}});
   EXPECT_EQ(report.outcome, host::Outcome::refused);
   EXPECT_EQ(first_error(report).code, "auth.rejected");
   EXPECT_EQ(first_error(report).field, "client_secret");
   EXPECT_THAT(desk.platform.asked(), ElementsAre("POST login.example.com/oauth/token"));
}

TEST(ClientCredentials, a_client_of_another_region_is_told_at_the_region_and_none_is_found_by_trial) {
   ExampleDesk desk;
   const Family plugin("client_credentials", desk.platform);
   const auto report = plugin.check(of("us"), {{"client_secret", kSecret}});
   EXPECT_EQ(report.outcome, host::Outcome::refused);
   EXPECT_EQ(first_error(report).field, "region");
   EXPECT_THAT(desk.platform.asked(),
               ElementsAre("POST login.example.com/oauth/token", "GET us.api.example.com/v1/organization"));
}

TEST(ClientCredentials, a_scope_that_was_not_given_is_a_missing_right) {
   ExampleDesk desk;
   desk.platform.change([&] { desk.scope = "tickets.read tickets.write.own"; });
   const Family plugin("client_credentials", desk.platform);
   const auto report = plugin.check(of("eu"), {{"client_secret", kSecret}});
   EXPECT_EQ(report.verdict, host::Verdict::insufficient);
   EXPECT_EQ(find_grant(report, "tickets.read")->granted, host::Granted::all);
   EXPECT_EQ(find_grant(report, "tickets.write")->granted, host::Granted::none);
}

TEST(ClientCredentials, a_token_that_the_api_no_longer_takes_is_replaced_at_the_token_host) {
   ExampleDesk desk;
   const Family plugin("client_credentials", desk.platform);
   const auto integration = plugin.integration(of("eu"), {{"client_secret", kSecret}});
   EXPECT_EQ(get(*integration, "tickets").body, R"({"path":"/v1/tickets"})");
   EXPECT_EQ(get(*integration, "tickets").status, 200);
   desk.platform.change([&] { desk.good.clear(); });
   const auto response = get(*integration, "tickets");
   EXPECT_EQ(response.status, 200) << told(response);
   EXPECT_THAT(desk.platform.asked(),
               ElementsAre("POST login.example.com/oauth/token", "GET eu.api.example.com/v1/tickets",
                           "GET eu.api.example.com/v1/tickets", "GET eu.api.example.com/v1/tickets",
                           "POST login.example.com/oauth/token", "GET eu.api.example.com/v1/tickets"));
}

TEST(ClientCredentials, the_secret_goes_to_the_token_host_and_the_token_to_the_api_only) {
   ExampleDesk desk;
   const Family plugin("client_credentials", desk.platform);
   EXPECT_EQ(plugin.check(of("eu"), {{"client_secret", kSecret}}).outcome, host::Outcome::accepted);
   for (const sim::Request& request : desk.platform.seen()) {
      EXPECT_EQ(request.header("Authorization").has_value(), request.host() != "login.example.com");
      EXPECT_EQ(request.body.empty(), request.host() != "login.example.com");
   }
}

TEST(ClientCredentials, on_the_command_line_the_region_is_chosen_and_requests_go_there) {
   ExampleDesk desk;
   desk.platform.change([&] { desk.home = "au.api.example.com"; });
   FamilyConsole console("client_credentials", desk.platform);
   const auto nowhere = console.add(of("antarctica"), {{"client_secret", std::string("=") + kSecret}});
   EXPECT_EQ(nowhere.exit_code, 3);
   EXPECT_THAT(nowhere.out, HasSubstr("\"field\": \"region\""));
   EXPECT_TRUE(desk.platform.asked().empty());

   const auto added = console.add(of("au"), {{"client_secret", std::string("=") + kSecret}});
   EXPECT_EQ(added.exit_code, 0) << added.out << added.err;
   const auto answer =
       console.run({"integration", "request", "Integration with Example Desk", "GET", "tickets?open=1"});
   EXPECT_EQ(answer.out, R"({"path":"/v1/tickets"})") << answer.err;
   EXPECT_EQ(desk.platform.asked().back(), "GET au.api.example.com/v1/tickets");
   EXPECT_THAT(added.out + added.err + answer.err, Not(HasSubstr(kSecret)));
}

}  // namespace
}  // namespace msp::test
