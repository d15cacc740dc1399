// The Autotask plugin as a console sees it: the real library, the real host, a simulated platform on the wire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "autotask_scene.hpp"
#include "msp/host/text.hpp"

namespace {

using msp::host::Granted;
using msp::host::Outcome;
using testing::HasSubstr;
using namespace msp::test;

TEST(AutotaskCheck, good_credentials_pass_with_two_requests_of_which_one_is_signed) {
   AutotaskScene scene;
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_EQ(report.verdict, msp::host::Verdict::sufficient);
   EXPECT_TRUE(report.findings.empty());
   EXPECT_EQ(scene.simulator.journal().size(), 2U);
   EXPECT_EQ(scene.simulator.signed_requests(), 1U);
   for (const auto& grant : report.grants) EXPECT_EQ(grant.granted, Granted::all) << grant.permission_id;

   ASSERT_TRUE(report.identity);
   EXPECT_EQ(report.identity->account, "123456");
   EXPECT_EQ(report.identity->label, "Autotask America East 2");
   EXPECT_EQ(report.identity->principal, kGoodUser);
   EXPECT_EQ(report.identity->endpoint, "https://webservices14.autotask.net/ATServicesRest/");

   ASSERT_TRUE(report.session);
   EXPECT_EQ(report.session->base_url, "https://webservices14.autotask.net/ATServicesRest/");
   EXPECT_EQ(report.session->expires_at, 0);
   std::map<std::string, std::string> headers;
   for (const auto& [name, value] : report.session->headers) headers[name] = value.view();
   EXPECT_EQ(headers, (std::map<std::string, std::string>{{"UserName", kGoodUser},
                                                          {"Secret", kGoodSecret},
                                                          {"ApiIntegrationCode", kGoodCode},
                                                          {"Content-Type", "application/json"}}));
}

TEST(AutotaskCheck, the_zone_is_looked_up_without_credentials) {
   AutotaskScene scene;
   (void)scene.check();
   const auto journal = scene.simulator.journal();
   ASSERT_FALSE(journal.empty());
   EXPECT_THAT(journal[0].path, HasSubstr("zoneInformation"));
   for (const char* header : {"UserName", "Secret", "ApiIntegrationCode", "Authorization"})
      EXPECT_FALSE(journal[0].has_header(header)) << header;
   EXPECT_TRUE(journal[1].has_header("Secret"));
   EXPECT_FALSE(journal[1].has_header("Authorization"));
   EXPECT_FALSE(journal[1].has_header("ImpersonationResourceId"));
}

// Everything that a check tells, by anybody, but for times and its id.
std::string told(const AutotaskScene& scene, const std::string& secret) {
   auto report = msp::host::check(
       scene.plugin.plugin(),
       settings({{"user_name", kGoodUser}}, {{"password", secret}, {"integration_code", kGoodCode}}), {});
   report.correlation_id.clear();
   for (auto& step : report.steps) step.elapsed = {};
   return msp::host::to_json(report, scene.plugin.plugin().manifest(), {});
}

// In lower case, with `word` back where it was taken out.
std::string filled(std::string text, const std::string& word) {
   for (auto at = text.find("[redacted]"); at != std::string::npos; at = text.find("[redacted]", at + word.size()))
      text.replace(at, 10, word);
   return msp::host::to_lower(text);
}

// A password that is a word of the plugin's sentences is missing there. Nothing else is, and no result is another.
TEST(AutotaskCheck, finds_the_same_whatever_the_password_reads_like) {
   for (const std::string rights : {"All", "None", "wrong secret"}) {
      std::string first;
      for (const std::string secret : {"n0t-a-word-of-anybody", "tick", "ticket", "Tickets", "user", "password",
                                       "rejected", "summary", "outcome", "security level", "integration"}) {
         const std::string accepted = rights == "wrong secret" ? "another" : secret;
         const AutotaskScene scene(R"({"users":[{"login":")" + kGoodUser + R"(","secret":")" + accepted +
                                   R"(","integration_codes":[")" + kGoodCode + R"("],"default_rights":{"all":")" +
                                   (rights == "None" ? "None" : "All") + R"("}}]})");
         const std::string report = told(scene, secret);
         if (first.empty()) first = filled(report, secret);
         EXPECT_EQ(filled(report, secret), first) << secret;
      }
   }
}

TEST(AutotaskCheck, logins_that_differ_in_case_are_one_account) {
   AutotaskScene scene;
   const auto report = scene.check("API+Console@MSP.example");
   ASSERT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_EQ(report.identity->principal, kGoodUser);
}

// --- refused at sign-in ---------------------------------------------------------------------------------------------

struct Refusal {
   const char* name;
   std::string scenario = "";
   std::string user = kGoodUser;
   std::string secret = kGoodSecret;
   std::string code = kGoodCode;
   const char* finding = "auth.rejected";
   const char* field = "";
   std::size_t signed_requests = 1;
};

std::string user_in_state(const std::string& state) {
   return R"({"users":[{"login":"api+console@msp.example","secret":"Throw$away#1",
      "integration_codes":["THROWAWAYTRACKINGIDENTIFIER"],"state":")" +
          state + R"("}]})";
}

class AutotaskRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(AutotaskRefusal, is_told_with_its_causes_after_at_most_one_signed_request) {
   const Refusal& each = GetParam();
   AutotaskScene scene(each.scenario);
   const auto report = scene.check(each.user, each.secret, each.code);
   EXPECT_EQ(report.outcome, Outcome::refused);
   const auto error = first_error(report);
   EXPECT_EQ(error.code, each.finding) << error.summary;
   EXPECT_EQ(error.field, each.field);
   EXPECT_FALSE(error.remedy.empty());
   EXPECT_EQ(report.findings.size(), 1U);
   EXPECT_EQ(scene.simulator.signed_requests(), each.signed_requests);
   EXPECT_FALSE(report.session);
   EXPECT_FALSE(report.identity);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, AutotaskRefusal,
    testing::Values(Refusal{.name = "wrong_secret", .secret = "not the secret"},
                    Refusal{.name = "wrong_secret_without_the_one_shot",
                            .scenario = R"({"one_shot":"absent"})",
                            .secret = "not the secret"},
                    Refusal{.name = "unknown_login",
                            .user = "nobody@msp.example",
                            .finding = "auth.user_unknown",
                            .field = "user_name",
                            .signed_requests = 0},
                    Refusal{.name = "wrong_code_as_500",
                            .scenario = R"({"wrong_code":"500"})",
                            .code = "ANOTHERTRACKINGIDENTIFIER",
                            .finding = "auth.integration_code_invalid",
                            .field = "integration_code"},
                    Refusal{.name = "wrong_code_as_401",
                            .scenario = R"({"wrong_code":"401"})",
                            .code = "ANOTHERTRACKINGIDENTIFIER"},
                    Refusal{.name = "a_person", .user = "person@msp.example", .secret = "Throw$away#5"},
                    Refusal{.name = "locked", .scenario = user_in_state("locked")},
                    Refusal{.name = "inactive", .scenario = user_in_state("inactive")},
                    Refusal{.name = "expired", .scenario = user_in_state("expired")},
                    // The zone look-up names one zone, the user lives in another: moved between the two requests.
                    Refusal{.name = "wrong_zone",
                            .scenario = R"({"users":[{"login":"api+console@msp.example","secret":"Throw$away#1",
                   "integration_codes":["THROWAWAYTRACKINGIDENTIFIER"],"zone":"UK"}],
                   "faults":[{"match":{"path":"/atservicesrest/v1.0/zoneInformation"},"fault":"status","status":200,
                   "body":"{\"url\":\"https://webservices14.autotask.net/ATServicesRest/\"}"}]})"}),
    [](const auto& row) { return std::string(row.param.name); });

// The other answer that is told of a wrong zone: only records are missing there, and a check asks for none. So it
// believes the look-up, which each check asks again.
TEST(AutotaskCheck, a_zone_that_only_lacks_the_records_is_the_one_that_the_look_up_named) {
   AutotaskScene scene(R"({"users":[{"login":"api+console@msp.example","secret":"Throw$away#1",
      "integration_codes":["THROWAWAYTRACKINGIDENTIFIER"],"zone":"UK"}],"wrong_zone":"empty",
      "faults":[{"match":{"path":"/atservicesrest/v1.0/zoneInformation"},"fault":"status","status":200,
      "body":"{\"url\":\"https://webservices14.autotask.net/ATServicesRest/\"}"}]})");
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   ASSERT_TRUE(report.identity);
   EXPECT_EQ(report.identity->endpoint, "https://webservices14.autotask.net/ATServicesRest/");
   for (const auto& path : scene.paths()) EXPECT_THAT(path, testing::Not(HasSubstr("/query")));
}

TEST(AutotaskCheck, the_platforms_own_text_is_shown_with_a_refusal) {
   AutotaskScene scene;
   EXPECT_THAT(first_error(scene.check(kGoodUser, kGoodSecret, "ANOTHERTRACKINGIDENTIFIER")).summary,
               HasSubstr("IntegrationCode is invalid."));
   EXPECT_THAT(first_error(scene.check("nobody@msp.example")).summary,
               HasSubstr("Zone information could not be determined"));
}

TEST(AutotaskCheck, rejected_credentials_are_not_sent_again_on_the_same_connection) {
   using msp::host::Operation;
   AutotaskScene scene;
   auto checked = msp::host::check_settings(
       scene.plugin.plugin().manifest(),
       msp::test::settings({{"user_name", kGoodUser}}, {{"password", "wrong"}, {"integration_code", kGoodCode}}));
   ASSERT_TRUE(checked.settings);
   auto connection = scene.plugin.plugin().connect(std::move(*checked.settings));
   ASSERT_TRUE(connection);
   for (const auto operation : {Operation::validate_credentials, Operation::check_permissions, Operation::authenticate,
                                Operation::validate_credentials}) {
      const auto report = connection.value().run(operation, {});
      EXPECT_EQ(report.outcome, Outcome::refused);
      ASSERT_FALSE(report.findings.empty());
      EXPECT_EQ(report.findings[0].code, "auth.rejected");
   }
   EXPECT_EQ(scene.simulator.signed_requests(), 1U);
}

TEST(AutotaskCheck, each_operation_works_alone) {
   using msp::host::Operation;
   for (const auto operation :
        {Operation::validate_credentials, Operation::check_permissions, Operation::authenticate}) {
      AutotaskScene scene;
      auto checked =
          msp::host::check_settings(scene.plugin.plugin().manifest(),
                                    msp::test::settings({{"user_name", kGoodUser}},
                                                        {{"password", kGoodSecret}, {"integration_code", kGoodCode}}));
      ASSERT_TRUE(checked.settings);
      auto connection = scene.plugin.plugin().connect(std::move(*checked.settings));
      ASSERT_TRUE(connection);
      const auto report = connection.value().run(operation, {});
      EXPECT_EQ(report.outcome, Outcome::accepted) << name(operation);
      EXPECT_EQ(scene.simulator.journal().size(), 2U) << name(operation);
   }
}

// --- no answer, or no sense -----------------------------------------------------------------------------------------

struct Trouble {
   const char* name;
   std::string path;
   const char* what;
   Outcome outcome;
   const char* finding;
   std::size_t signed_requests;
   const char* text = "";
};

class AutotaskTrouble : public testing::TestWithParam<Trouble> {};

TEST_P(AutotaskTrouble, is_told_from_a_refusal_and_never_tried_again) {
   const Trouble& each = GetParam();
   AutotaskScene scene(faults(fault(each.path, each.what)));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, each.outcome);
   const auto error = first_error(report);
   EXPECT_EQ(error.code, each.finding) << error.summary;
   EXPECT_THAT(error.summary, HasSubstr(each.text));
   EXPECT_EQ(scene.simulator.signed_requests(), each.signed_requests);
   EXPECT_EQ(scene.simulator.journal().size(), each.signed_requests + 1);
   EXPECT_FALSE(report.session);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, AutotaskTrouble,
    testing::Values(
        Trouble{"zone_outage", kZonePath, R"("fault":"status","status":503)", Outcome::unavailable,
                "platform.unavailable", 0},
        Trouble{"zone_page", kZonePath, R"("fault":"html","status":200)", Outcome::unavailable,
                "platform.unexpected_response", 0},
        Trouble{"zone_page_with_500", kZonePath, R"("fault":"html","status":500)", Outcome::unavailable,
                "platform.unavailable", 0},
        Trouble{"zone_redirect", kZonePath,
                R"("fault":"status","status":302,"headers":{"Location":"https://webservices16.autotask.net/"})",
                Outcome::unavailable, "platform.redirected", 0},
        Trouble{"zone_reset", kZonePath, R"("fault":"reset")", Outcome::unreachable, "net.reset", 0},
        Trouble{"zone_truncated", kZonePath, R"("fault":"truncated")", Outcome::unavailable,
                "platform.unexpected_response", 0},
        Trouble{"zone_404", kZonePath, R"("fault":"status","status":404)", Outcome::unavailable,
                "platform.unexpected_response", 0},
        Trouble{"zone_401", kZonePath, R"("fault":"status","status":401)", Outcome::unavailable,
                "platform.unexpected_response", 0},
        Trouble{"zone_401_page", kZonePath, R"("fault":"html","status":401)", Outcome::unavailable,
                "platform.unexpected_response", 0, "Something in front of Autotask asks for a sign-in"},
        Trouble{"zone_sign_in_page", kZonePath,
                R"("fault":"html","status":200,"body":"<html><input type='password'></html>")", Outcome::unavailable,
                "platform.unexpected_response", 0, "Something in front of Autotask asks for a sign-in"},
        Trouble{"zone_account_locked", kZonePath,
                R"("fault":"status","status":500,"body":"{\"errors\":[\"The account is locked.\"]}")",
                Outcome::unavailable, "platform.unexpected_response", 0, "The account is locked."},
        Trouble{"zone_own_text", kZonePath,
                R"("fault":"status","status":500,"body":"{\"errors\":[\"Maintenance until noon.\"]}")",
                Outcome::unavailable, "platform.unexpected_response", 0, "Maintenance until noon."},
        Trouble{"zone_throttled", kZonePath, R"("fault":"status","status":429,"headers":{"Retry-After":"30"})",
                Outcome::throttled, "platform.throttled", 0},
        Trouble{"zone_of_a_stranger", kZonePath,
                R"("fault":"status","status":200,"body":"{\"url\":\"https://webservices14.attacker.example/\"}")",
                Outcome::unavailable, "platform.unexpected_response", 0},
        Trouble{"zone_with_another_port", kZonePath,
                R"("fault":"status","status":200,"body":"{\"url\":\"https://webservices14.autotask.net:8443/\"}")",
                Outcome::unavailable, "platform.unexpected_response", 0},
        Trouble{"zone_without_tls", kZonePath,
                R"("fault":"status","status":200,"body":"{\"url\":\"http://webservices14.autotask.net/\"}")",
                Outcome::unavailable, "platform.unexpected_response", 0},
        Trouble{"zone_403", kZonePath, R"("fault":"status","status":403)", Outcome::unavailable,
                "platform.unexpected_response", 0},
        Trouble{"zone_403_own_text", kZonePath,
                R"("fault":"status","status":403,"body":"{\"errors\":[\"Closed for your address.\"]}")",
                Outcome::unavailable, "platform.unexpected_response", 0, "Closed for your address."},
        Trouble{"sign_in_outage", kOneShotPath, R"("fault":"status","status":502)", Outcome::unavailable,
                "platform.unavailable", 1},
        Trouble{"sign_in_page_with_503", kOneShotPath, R"("fault":"html","status":503)", Outcome::unavailable,
                "platform.unavailable", 1},
        Trouble{"sign_in_redirect", kOneShotPath,
                R"("fault":"status","status":307,"headers":{"Location":"https://webservices16.autotask.net/"})",
                Outcome::unavailable, "platform.redirected", 1},
        Trouble{"sign_in_reset", kOneShotPath, R"("fault":"reset")", Outcome::unreachable, "net.reset", 1},
        Trouble{"sign_in_throttled", kOneShotPath, R"("fault":"status","status":429)", Outcome::throttled,
                "platform.throttled", 1},
        Trouble{
            "sign_in_thread_limit", kOneShotPath,
            R"("fault":"status","status":500,"body":"{\"errors\":[\"thread threshold of 3 threads has been exceeded\"]}")",
            Outcome::throttled, "platform.throttled", 1, "thread threshold"},
        Trouble{"sign_in_error_number", kOneShotPath,
                R"("fault":"status","status":500,"body":"{\"errors\":[\"Itgenatr005\"]}")", Outcome::throttled,
                "platform.throttled", 1, "Itgenatr005"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(AutotaskCheck, the_time_to_wait_is_handed_on) {
   AutotaskScene scene(faults(fault(kOneShotPath, R"("fault":"status","status":429,"headers":{"Retry-After":"30"})")));
   EXPECT_EQ(first_error(scene.check()).retry_after_s, 30);
}

// --- no proof of the sign-in ----------------------------------------------------------------------------------------

// Whatever the zone answers to a wrong password: nothing but the expected document, or Autotask's own words about
// permissions, may pass for a sign-in, and nothing but a route that is not there, or answers
// not as expected, may lead to a second signed request.
struct Unproven {
   const char* name;
   const char* what;
   Outcome outcome = Outcome::unavailable;
   const char* finding = "platform.unexpected_response";
   const char* text = "";
   std::size_t signed_requests = 1;
};

class AutotaskUnproven : public testing::TestWithParam<Unproven> {};

TEST_P(AutotaskUnproven, an_answer_that_proves_nothing_ends_the_check) {
   const Unproven& each = GetParam();
   AutotaskScene scene(faults(R"({"match":{"host":"webservices14.autotask.net"},)" + std::string(each.what) + "}"));
   const auto report = scene.check(kGoodUser, "not the secret");
   EXPECT_EQ(report.outcome, each.outcome);
   const auto error = first_error(report);
   EXPECT_EQ(error.step, "validate_credentials");
   EXPECT_EQ(error.code, each.finding) << error.summary;
   EXPECT_THAT(error.summary, HasSubstr(each.text));
   EXPECT_FALSE(error.remedy.empty());
   EXPECT_EQ(report.findings.size(), 1U);
   EXPECT_EQ(scene.simulator.signed_requests(), each.signed_requests);
   EXPECT_EQ(msp::host::refuses_credentials(report), each.outcome == Outcome::refused) << "what is remembered";
   EXPECT_FALSE(report.identity);
   EXPECT_FALSE(report.session);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, AutotaskUnproven,
    testing::Values(
        Unproven{"bare_403", R"("fault":"status","status":403,"body":"")", Outcome::refused, "auth.rejected",
                 "did not say that it knows the user"},
        Unproven{"403_empty_document", R"("fault":"status","status":403,"body":"{}")", Outcome::refused,
                 "auth.rejected", "HTTP 403"},
        Unproven{"403_account_locked", R"("fault":"status","status":403,"body":"{\"errors\":[\"Account locked\"]}")",
                 Outcome::refused, "auth.locked", "Account locked"},
        Unproven{"500_account_locked",
                 R"("fault":"status","status":500,"body":"{\"errors\":[\"The account is locked.\"]}")",
                 Outcome::refused, "auth.locked", "The account is locked."},
        Unproven{"401_password_expired",
                 R"("fault":"status","status":401,"body":"{\"errors\":[\"Password expired\"]}")", Outcome::refused,
                 "auth.expired", "Password expired"},
        Unproven{"401_page", R"("fault":"html","status":401)", Outcome::unavailable, "platform.unexpected_response",
                 "Something in front of Autotask asks for a sign-in"},
        Unproven{"401_of_a_proxy",
                 R"("fault":"status","status":401,"headers":{"WWW-Authenticate":"Basic realm=\"proxy\""})",
                 Outcome::unavailable, "platform.unexpected_response", "Something in front of Autotask"},
        Unproven{
            "401_of_autotask",
            R"("fault":"status","status":401,"headers":{"WWW-Authenticate":"Basic Realm=\"webservices14.autotask.net\""})",
            Outcome::refused, "auth.rejected", "does not say why"},
        Unproven{"401_without_a_trace", R"("fault":"status","status":401)", Outcome::refused, "auth.rejected",
                 "does not say why"},
        Unproven{"403_page", R"("fault":"html","status":403)"}, Unproven{"200_page", R"("fault":"html","status":200)"},
        Unproven{"200_empty_document", R"("fault":"status","status":200,"body":"{}")", Outcome::unavailable,
                 "platform.unexpected_response", "", 2},
        Unproven{"200_empty_list", R"("fault":"status","status":200,"body":"{\"entityDescriptions\":[]}")",
                 Outcome::unavailable, "platform.unexpected_response", "", 2},
        Unproven{"200_another_document", R"("fault":"status","status":200,"body":"{\"items\":[]}")",
                 Outcome::unavailable, "platform.unexpected_response", "", 2},
        Unproven{"200_nothing", R"("fault":"status","status":200,"body":"")"},
        Unproven{"500_unknown_text",
                 R"("fault":"status","status":500,"body":"{\"errors\":[\"Username or password is incorrect.\"]}")",
                 Outcome::unavailable, "platform.unexpected_response", "Username or password is incorrect."},
        Unproven{"401_with_words_about_permissions",
                 R"("fault":"status","status":401,"body":"{\"errors\":[\"adequate permissions\"]}")", Outcome::refused,
                 "auth.rejected"},
        Unproven{"404_with_a_text",
                 R"("fault":"status","status":404,"body":"{\"errors\":[\"Username or password is incorrect.\"]}")",
                 Outcome::unavailable, "platform.unexpected_response", "Username or password is incorrect."},
        Unproven{"404", R"("fault":"status","status":404,"body":"")", Outcome::unavailable,
                 "platform.unexpected_response", "HTTP 404", 2},
        Unproven{"404_page", R"("fault":"html","status":404)", Outcome::unavailable, "platform.unexpected_response",
                 "HTTP 404", 2},
        Unproven{"405", R"("fault":"status","status":405,"body":"")", Outcome::unavailable,
                 "platform.unexpected_response", "HTTP 405", 2}),
    [](const auto& row) { return "answer_" + std::string(row.param.name); });

// The request that takes the place of the missing route is held to the same.
class AutotaskUnprovenByTickets : public testing::TestWithParam<Unproven> {};

TEST_P(AutotaskUnprovenByTickets, an_answer_that_proves_nothing_ends_the_check) {
   const Unproven& each = GetParam();
   AutotaskScene scene(faults(fault(kTicketsPath, each.what), R"(,"one_shot":"absent")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, each.outcome);
   EXPECT_EQ(first_error(report).step, "validate_credentials");
   EXPECT_EQ(first_error(report).code, each.finding);
   EXPECT_EQ(scene.simulator.signed_requests(), 2U);
   EXPECT_FALSE(report.session);
}

INSTANTIATE_TEST_SUITE_P(Rows, AutotaskUnprovenByTickets,
                         testing::Values(Unproven{"bare_403", R"("fault":"status","status":403,"body":"")",
                                                  Outcome::refused, "auth.rejected"},
                                         Unproven{"200_page", R"("fault":"html","status":200)"},
                                         Unproven{"200_empty_document", R"("fault":"status","status":200,"body":"{}")"},
                                         Unproven{
                                             "500_unknown_text",
                                             R"("fault":"status","status":500,"body":"{\"errors\":[\"Not today.\"]}")"},
                                         Unproven{"404", R"("fault":"status","status":404)"}),
                         [](const auto& row) { return "answer_" + std::string(row.param.name); });

TEST(AutotaskCheck, throttled_in_the_middle_ends_the_questions) {
   AutotaskScene scene(
       faults(fault("/atservicesrest/v1.0/Companies/", R"("fault":"status","status":429)"), R"(,"one_shot":"absent")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::throttled);
   EXPECT_EQ(first_error(report).code, "platform.throttled");
   // zone, one-shot, Tickets, the first three of the others, and twice more the one that was turned away
   EXPECT_EQ(scene.simulator.journal().size(), 8U);
}

// --- limits and settings --------------------------------------------------------------------------------------------

TEST(AutotaskCheck, a_limit_of_one_thread_per_endpoint_is_enough) {
   AutotaskScene scene(R"({"one_shot":"absent","thread_limit":1})");
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
}

TEST(AutotaskCheck, dollars_hashes_and_quotes_of_a_secret_arrive_unchanged) {
   AutotaskScene scene(R"({"users":[{"login":"api+console@msp.example","secret":"$HOME#`%41 \\\"'\u00fc",
      "integration_codes":["THROWAWAYTRACKINGIDENTIFIER"]}]})");
   const auto report = scene.check(kGoodUser, "$HOME#`%41 \\\"'\u00fc");
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
}

TEST(AutotaskCheck, a_value_that_no_header_can_carry_is_refused_before_anything_is_sent) {
   const struct {
      std::string secret;
      std::string code;
      const char* field;
   } cases[] = {
       {kGoodSecret + "\n", kGoodCode, "password"},
       {kGoodSecret + "\x01", kGoodCode, "password"},
       {kGoodSecret + " ", kGoodCode, "password"},
       {" " + kGoodSecret, kGoodCode, "password"},
       {"\xEF\xBB\xBF" + kGoodSecret, kGoodCode, "password"},
       {kGoodSecret + "\xC2\xA0", kGoodCode, "password"},
       {kGoodSecret, kGoodCode + "\r\n", "integration_code"},
   };
   AutotaskScene scene;
   for (const auto& each : cases) {
      const auto report = scene.check(kGoodUser, each.secret, each.code);
      EXPECT_EQ(report.outcome, Outcome::invalid_settings);
      EXPECT_EQ(first_error(report).code, "input.invalid");
      EXPECT_EQ(first_error(report).field, each.field);
   }
   EXPECT_TRUE(scene.simulator.journal().empty());
}

// Around each place where a text is shortened, or once was: 500 bytes of the platform's words, 1024 of a finding.
TEST(AutotaskCheck, a_secret_that_the_platform_repeats_is_taken_out_wherever_the_text_is_shortened) {
   const std::string canary = "Canary-7Qx!pw-Zz93";
   const auto check = [&](std::size_t pad, const std::string& said) {
      const std::string text = std::string(pad, 'x') + said + std::string(60, 'y');
      AutotaskScene scene(faults(R"({"match":{"host":"webservices14.autotask.net"},"fault":"status","status":500,)"
                                 R"("body":"{\"errors\":[\")" +
                                 text + R"(\"]}"})"));
      const auto report = scene.check(kGoodUser, canary);
      EXPECT_EQ(first_error(report).code, "platform.unexpected_response");
      EXPECT_THAT(first_error(report).summary, HasSubstr("xxxx"));
      expect_nothing_of(canary, report, scene.plugin.plugin().manifest());
   };
   for (const std::size_t pad : {482U, 485U, 488U, 491U, 494U, 497U, 500U}) check(pad, canary);
   for (std::size_t pad = 920; pad <= 956; pad += 4) check(pad, canary);
   for (const char* cut : {"Canary-7Qx!pw-...", "Cana...", "...7Qx!pw-Zz93", "CANARY-7QX!PW...", "Canary&#45;7Qx..."})
      check(20, cut);
}

}  // namespace
