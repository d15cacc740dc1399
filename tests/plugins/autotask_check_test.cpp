// The Autotask plugin as a console sees it: the real library, the real host, a simulated platform on the wire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "plugin_fixture.hpp"
#include "sim/autotask_sim.hpp"

namespace {

using msp::host::CheckReport;
using msp::host::Granted;
using msp::host::Outcome;
using msp::sim::AutotaskSimulator;
using msp::test::find_grant;
using msp::test::first_error;
using msp::test::has_finding;
using msp::test::LoadedPlugin;
using testing::HasSubstr;

const std::string kGoodUser = "api+console@msp.example";
const std::string kGoodSecret = "Throw$away#1";
const std::string kGoodCode = "THROWAWAYTRACKINGIDENTIFIER";

msp::host::NetworkOptions network_of(const AutotaskSimulator& simulator) {
   msp::host::NetworkOptions network;
   network.ca_file = simulator.ca_file();
   network.connect_to = simulator.connect_to();
   return network;
}

// A simulator with a scenario, and the plugin that reaches it.
struct Scene {
   explicit Scene(const std::string& scenario = "")
       : simulator(scenario), plugin(MSP_PLUGIN_FILE, network_of(simulator)) {}

   CheckReport check(const std::string& user = kGoodUser, const std::string& secret = kGoodSecret,
                     const std::string& code = kGoodCode) {
      auto report = plugin.check({{"user_name", user}}, {{"password", secret}, {"integration_code", code}});
      for (const auto& request : simulator.journal())
         EXPECT_EQ(request.method, "GET") << request.path << ": a check changes nothing";
      EXPECT_EQ(simulator.writes(), 0U);
      return report;
   }

   [[nodiscard]] std::vector<std::string> paths() const {
      std::vector<std::string> paths;
      for (const auto& request : simulator.journal()) paths.push_back(request.path);
      return paths;
   }

   AutotaskSimulator simulator;
   LoadedPlugin plugin;
};

// One fault for every request under a path.
std::string fault(const std::string& path, const std::string& what) {
   return R"({"match":{"path":")" + path + R"("},)" + what + "}";
}
std::string faults(const std::string& list, const std::string& more = "") {
   return R"({"faults":[)" + list + "]" + more + "}";
}

const std::string kZonePath = "/atservicesrest/v1.0/zoneInformation";
const std::string kOneShotPath = "/atservicesrest/v1.0/EntityInformation";
const std::string kTicketsPath = "/atservicesrest/v1.0/Tickets/entityInformation";

TEST(AutotaskCheck, good_credentials_pass_with_two_requests_of_which_one_is_signed) {
   Scene scene;
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
   Scene scene;
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

TEST(AutotaskCheck, logins_that_differ_in_case_are_one_account) {
   Scene scene;
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
   Scene scene(each.scenario);
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

TEST(AutotaskCheck, the_platforms_own_text_is_shown_with_a_refusal) {
   Scene scene;
   EXPECT_THAT(first_error(scene.check(kGoodUser, kGoodSecret, "ANOTHERTRACKINGIDENTIFIER")).summary,
               HasSubstr("IntegrationCode is invalid."));
   EXPECT_THAT(first_error(scene.check("nobody@msp.example")).summary,
               HasSubstr("Zone information could not be determined"));
}

TEST(AutotaskCheck, rejected_credentials_are_not_sent_again_on_the_same_connection) {
   using msp::host::Operation;
   Scene scene;
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
      Scene scene;
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

// --- rights ---------------------------------------------------------------------------------------------------------

TEST(AutotaskCheck, a_user_who_may_not_update_tickets_is_refused_and_the_right_is_named) {
   for (const char* scenario : {"", R"({"one_shot":"absent"})", R"({"one_shot":"soap","keys":"pascal"})"}) {
      Scene scene(scenario);
      const auto report = scene.check("no-ticket-editing@msp.example", "Throw$away#2");
      EXPECT_EQ(report.outcome, Outcome::refused) << scenario;
      EXPECT_EQ(report.verdict, msp::host::Verdict::insufficient) << scenario;
      EXPECT_TRUE(has_finding(report, "perm.missing")) << scenario;
      const auto* grant = find_grant(report, "tickets.update");
      ASSERT_NE(grant, nullptr);
      EXPECT_EQ(grant->granted, Granted::none);
      EXPECT_EQ(grant->how, msp::host::How::introspected);
      EXPECT_EQ(grant->evidence, "canUpdate=true, userAccessForUpdate=None");
      EXPECT_EQ(find_grant(report, "tickets.query")->granted, Granted::all);
   }
}

TEST(AutotaskCheck, restricted_rights_pass_with_a_warning) {
   Scene scene;
   const auto report = scene.check("restricted@msp.example", "Throw$away#3");
   EXPECT_EQ(report.outcome, Outcome::accepted);
   EXPECT_TRUE(has_finding(report, "perm.restricted"));
   for (const auto& grant : report.grants) EXPECT_EQ(grant.granted, Granted::restricted) << grant.permission_id;
}

TEST(AutotaskCheck, what_an_entity_does_not_offer_is_a_missing_right) {
   Scene scene(R"({"users":[{"login":"api+console@msp.example","secret":"Throw$away#1",
      "integration_codes":["THROWAWAYTRACKINGIDENTIFIER"],"default_rights":{"all":"All"},
      "rights":{"Tickets":{"all":"All","update":"NotOffered"}}}]})");
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_EQ(find_grant(report, "tickets.update")->granted, Granted::none);
}

// Every dress in which the platform may say the same: the verdict and the number of requests.
struct Dress {
   const char* name;
   const char* scenario;
   std::size_t requests;
   Outcome outcome = Outcome::accepted;
   Granted granted = Granted::all;
};

class AutotaskDress : public testing::TestWithParam<Dress> {};

TEST_P(AutotaskDress, leads_to_the_same_verdict) {
   Scene scene(GetParam().scenario);
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, GetParam().outcome) << first_error(report).summary;
   EXPECT_EQ(scene.simulator.journal().size(), GetParam().requests);
   for (const auto& grant : report.grants) EXPECT_EQ(grant.granted, GetParam().granted) << grant.permission_id;
}

// Nine entities: asked one by one, they take the zone, the missing one-shot, and nine requests.
constexpr std::size_t kOneByOne = 11;

INSTANTIATE_TEST_SUITE_P(
    Variants, AutotaskDress,
    testing::Values(Dress{"singular", R"({"one_shot":"singular"})", 2}, Dress{"plural", R"({"one_shot":"plural"})", 2},
                    Dress{"soap", R"({"one_shot":"soap"})", 2}, Dress{"absent", R"({"one_shot":"absent"})", kOneByOne},
                    Dress{"some", R"({"one_shot_entities":["Tickets","Companies"]})", 9},
                    Dress{"bare_list", R"({"one_shot_shape":"bare_list"})", 2},
                    Dress{"without_info", R"({"one_shot_shape":"without_info"})", 2},
                    Dress{"pascal", R"({"keys":"pascal"})", 2},
                    Dress{"pascal_one_by_one", R"({"keys":"pascal","one_shot":"absent"})", kOneByOne},
                    Dress{"lower", R"({"access_values":"lower"})", 2},
                    Dress{"upper", R"({"access_values":"upper"})", 2},
                    Dress{"number", R"({"access_values":"number"})", 2},
                    Dress{"number_text", R"({"access_values":"number_text"})", 2},
                    Dress{"boolean", R"({"access_values":"boolean"})", 2},
                    Dress{"null", R"({"access_values":"null"})", 2, Outcome::unavailable, Granted::unknown},
                    Dress{"missing", R"({"access_values":"missing"})", 2, Outcome::unavailable, Granted::unknown}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(AutotaskCheck, an_answer_of_the_one_shot_that_is_no_list_leads_to_one_question_about_tickets) {
   for (const char* what :
        {R"("fault":"html","status":200)", R"("fault":"status","status":405)",
         R"("fault":"status","status":200,"body":"{\"items\":[]}")",
         R"("fault":"status","status":200,"body":"{\"entityDescriptions\":[]}")",
         R"("fault":"status","status":500,"body":"{\"errors\":[\"No such thing.\"]}")", R"("fault":"truncated")"}) {
      Scene scene(faults(fault(kOneShotPath, what)));
      const auto report = scene.check();
      if (std::string_view(what) == R"("fault":"truncated")") {  // half an answer is none: nothing more is sent
         EXPECT_EQ(report.outcome, Outcome::unavailable);
         EXPECT_EQ(scene.simulator.signed_requests(), 1U);
         continue;
      }
      EXPECT_EQ(report.outcome, Outcome::accepted) << what << ": " << first_error(report).summary;
      EXPECT_EQ(scene.simulator.journal().size(), kOneByOne) << what;
      EXPECT_THAT(scene.paths()[2], HasSubstr("Tickets/")) << what;
   }
}

TEST(AutotaskCheck, who_may_not_even_ask_about_an_entity_has_no_rights_on_it) {
   for (const char* status : {"403", "500"}) {
      Scene scene(faults(
          fault(
              kTicketsPath,
              R"("fault":"status","body":"{\"errors\":[\"The logged in Resource does not have the adequate permissions to query this entity type.\"]}","status":)" +
                  std::string(status)),
          R"(,"one_shot":"absent")"));
      const auto report = scene.check();
      EXPECT_EQ(report.outcome, Outcome::refused) << status;
      EXPECT_TRUE(has_finding(report, "perm.missing"));
      EXPECT_EQ(find_grant(report, "tickets.query")->granted, Granted::none);
      EXPECT_THAT(find_grant(report, "tickets.query")->evidence, HasSubstr("adequate permissions"));
      EXPECT_EQ(find_grant(report, "companies.query")->granted, Granted::all);
   }
}

TEST(AutotaskCheck, an_optional_right_that_stays_unknown_is_a_warning) {
   Scene scene(faults(fault("/atservicesrest/v1.0/Products/", R"("fault":"status","status":500,
      "body":"{\"errors\":[\"Try another day.\"]}")"),
                      R"(,"one_shot":"absent")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_EQ(find_grant(report, "products.query")->granted, Granted::unknown);
   EXPECT_TRUE(std::any_of(report.findings.begin(), report.findings.end(), [](const auto& finding) {
      return finding.severity == msp::host::Severity::warning &&
             finding.summary.find("Try another day.") != std::string::npos;
   }));
}

TEST(AutotaskCheck, a_required_right_that_stays_unknown_is_no_pass) {
   Scene scene(
       faults(fault("/atservicesrest/v1.0/Companies/", R"("fault":"status","status":503)"), R"(,"one_shot":"absent")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::unavailable);
   EXPECT_EQ(first_error(report).code, "platform.unavailable");
   EXPECT_FALSE(report.session);
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
   Scene scene(faults(fault(each.path, each.what)));
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
   Scene scene(faults(fault(kOneShotPath, R"("fault":"status","status":429,"headers":{"Retry-After":"30"})")));
   EXPECT_EQ(first_error(scene.check()).retry_after_s, 30);
}

TEST(AutotaskCheck, a_page_with_200_is_never_a_success) {
   Scene scene(faults(fault("/atservicesrest/v1.0/EntityInformation", R"("fault":"html","status":200)") + "," +
                      fault(kTicketsPath, R"("fault":"html","status":200)")));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::unavailable);
   EXPECT_EQ(first_error(report).code, "platform.unexpected_response");
   EXPECT_EQ(scene.simulator.signed_requests(), 2U);
}

TEST(AutotaskCheck, throttled_in_the_middle_ends_the_questions) {
   Scene scene(
       faults(fault("/atservicesrest/v1.0/Companies/", R"("fault":"status","status":429)"), R"(,"one_shot":"absent")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::throttled);
   EXPECT_EQ(first_error(report).code, "platform.throttled");
   EXPECT_EQ(scene.simulator.journal().size(), 6U);  // zone, one-shot, Tickets, and the first three of the others
}

// --- a tenant that moves --------------------------------------------------------------------------------------------

std::string moving(std::size_t after) {
   return R"({"one_shot":"absent","users":[{"login":"api+console@msp.example","secret":"Throw$away#1",
      "integration_codes":["THROWAWAYTRACKINGIDENTIFIER"],"moves_to":"UK","moves_after":)" +
          std::to_string(after) + "}]}";
}

TEST(AutotaskCheck, a_tenant_that_moves_during_the_check_is_followed_once) {
   Scene scene(moving(2));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   ASSERT_TRUE(report.session);
   EXPECT_EQ(report.session->base_url, "https://webservices16.autotask.net/ATServicesRest/");
   const auto paths = scene.paths();
   EXPECT_EQ(std::count_if(paths.begin(), paths.end(),
                           [](const auto& path) { return path.find("zoneInformation") != std::string::npos; }),
             2);
}

TEST(AutotaskCheck, a_later_401_in_an_unchanged_zone_is_a_refusal) {
   Scene scene(
       faults(fault("/atservicesrest/v1.0/Companies/", R"("fault":"status","status":401)"), R"(,"one_shot":"absent")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_EQ(first_error(report).code, "auth.rejected");
   const auto paths = scene.paths();
   EXPECT_EQ(std::count_if(paths.begin(), paths.end(),
                           [](const auto& path) { return path.find("Companies") != std::string::npos; }),
             1);
}

// --- limits and settings --------------------------------------------------------------------------------------------

TEST(AutotaskCheck, a_limit_of_one_thread_per_endpoint_is_enough) {
   Scene scene(R"({"one_shot":"absent","thread_limit":1})");
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
}

TEST(AutotaskCheck, dollars_hashes_and_spaces_of_a_secret_arrive_unchanged) {
   const std::string secret = " $HOME#`%41\\\"' ";
   Scene scene(R"({"users":[{"login":"api+console@msp.example","secret":" $HOME#`%41\\\"' ",
      "integration_codes":["THROWAWAYTRACKINGIDENTIFIER"]}]})");
   const auto report = scene.check(kGoodUser, secret);
   if (report.outcome != Outcome::accepted) {
      // HTTP takes surrounding blanks off a header's value; then the platform says no, and nothing was sent twice.
      EXPECT_EQ(first_error(report).code, "auth.rejected");
      EXPECT_EQ(scene.simulator.signed_requests(), 1U);
   }
}

TEST(AutotaskCheck, a_secret_with_a_line_break_is_refused_before_anything_is_sent) {
   Scene scene;
   const auto report = scene.check(kGoodUser, "Throw$away#1\n");
   EXPECT_EQ(report.outcome, Outcome::invalid_settings);
   EXPECT_EQ(first_error(report).code, "input.invalid");
   EXPECT_EQ(first_error(report).field, "password");
   EXPECT_TRUE(scene.simulator.journal().empty());
}

TEST(AutotaskManifest, editing_tickets_is_required_and_every_right_has_a_way_to_get_it) {
   Scene scene;
   const auto& manifest = scene.plugin.plugin().manifest();
   ASSERT_NE(manifest.permission("tickets.update"), nullptr);
   EXPECT_EQ(manifest.permission("tickets.update")->need, msp::host::Need::required);
   for (const auto& permission : manifest.permissions) {
      EXPECT_THAT(permission.remedy, HasSubstr("Security Levels")) << permission.id;
      EXPECT_FALSE(permission.used_for.empty()) << permission.id;
      EXPECT_TRUE(permission.verifiable) << permission.id;
   }
}

}  // namespace
