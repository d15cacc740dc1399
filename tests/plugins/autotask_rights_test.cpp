// What the Autotask plugin makes of the platform's statements about rights, in every dress they may wear.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "autotask_scene.hpp"

namespace {

using msp::host::Granted;
using msp::host::Outcome;
using testing::HasSubstr;
using namespace msp::test;

TEST(AutotaskRights, a_user_who_may_not_update_tickets_is_refused_and_the_right_is_named) {
   for (const char* scenario : {"", R"({"one_shot":"absent"})", R"({"one_shot":"soap","keys":"pascal"})"}) {
      AutotaskScene scene(scenario);
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

TEST(AutotaskRights, restricted_rights_pass_with_a_warning) {
   AutotaskScene scene;
   const auto report = scene.check("restricted@msp.example", "Throw$away#3");
   EXPECT_EQ(report.outcome, Outcome::accepted);
   EXPECT_TRUE(has_finding(report, "perm.restricted"));
   for (const auto& grant : report.grants) EXPECT_EQ(grant.granted, Granted::restricted) << grant.permission_id;
}

TEST(AutotaskRights, what_an_entity_does_not_offer_is_a_missing_right) {
   AutotaskScene scene(R"({"users":[{"login":"api+console@msp.example","secret":"Throw$away#1",
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
   AutotaskScene scene(GetParam().scenario);
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
                    Dress{"without_access", R"({"one_shot_shape":"without_access"})", kOneByOne},
                    Dress{"pascal", R"({"keys":"pascal"})", 2},
                    Dress{"pascal_one_by_one", R"({"keys":"pascal","one_shot":"absent"})", kOneByOne},
                    Dress{"lower", R"({"access_values":"lower"})", 2},
                    Dress{"upper", R"({"access_values":"upper"})", 2},
                    Dress{"number", R"({"access_values":"number"})", 2},
                    Dress{"number_text", R"({"access_values":"number_text"})", 2},
                    Dress{"boolean", R"({"access_values":"boolean"})", 2},
                    Dress{"null", R"({"access_values":"null"})", kOneByOne, Outcome::unavailable, Granted::unknown},
                    Dress{"missing", R"({"access_values":"missing"})", kOneByOne, Outcome::unavailable,
                          Granted::unknown}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(AutotaskRights, a_one_shot_that_is_not_there_leads_to_one_question_about_tickets) {
   for (const char* what :
        {R"("fault":"status","status":404)", R"("fault":"status","status":405)", R"("fault":"html","status":404)"}) {
      AutotaskScene scene(faults(fault(kOneShotPath, what)));
      const auto report = scene.check();
      EXPECT_EQ(report.outcome, Outcome::accepted) << what << ": " << first_error(report).summary;
      EXPECT_EQ(scene.simulator.journal().size(), kOneByOne) << what;
      EXPECT_THAT(scene.paths()[2], HasSubstr("Tickets/")) << what;
   }
}

TEST(AutotaskRights, autotasks_words_about_permissions_prove_the_sign_in) {
   for (const char* status : {"403", "500"}) {
      AutotaskScene scene(faults(fault(
          kOneShotPath,
          R"("fault":"status","body":"{\"errors\":[\"The logged in Resource does not have the adequate permissions to query this entity type.\"]}","status":)" +
              std::string(status))));
      const auto report = scene.check();
      EXPECT_EQ(report.outcome, Outcome::accepted) << status << ": " << first_error(report).summary;
      EXPECT_EQ(scene.simulator.journal().size(), kOneByOne) << status;
   }
}

TEST(AutotaskRights, a_bare_403_is_a_missing_right_once_the_sign_in_is_proven) {
   AutotaskScene scene(
       faults(fault("/atservicesrest/v1.0/Companies/", R"("fault":"status","status":403)"), R"(,"one_shot":"absent")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_TRUE(has_finding(report, "perm.missing"));
   EXPECT_EQ(find_grant(report, "companies.query")->granted, Granted::none);
   EXPECT_EQ(find_grant(report, "companies.query")->evidence, "HTTP 403");
   EXPECT_EQ(find_grant(report, "tickets.query")->granted, Granted::all);
}

TEST(AutotaskRights, who_may_not_even_ask_about_an_entity_has_no_rights_on_it) {
   for (const char* status : {"403", "500"}) {
      AutotaskScene scene(faults(
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

TEST(AutotaskRights, an_optional_right_that_stays_unknown_is_a_warning) {
   AutotaskScene scene(faults(fault("/atservicesrest/v1.0/Products/", R"("fault":"status","status":500,
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

TEST(AutotaskRights, a_required_right_that_stays_unknown_is_no_pass) {
   AutotaskScene scene(
       faults(fault("/atservicesrest/v1.0/Companies/", R"("fault":"status","status":503)"), R"(,"one_shot":"absent")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::unavailable);
   EXPECT_EQ(first_error(report).code, "platform.unavailable");
   EXPECT_FALSE(report.session);
}

// --- a gateway that lets some requests through at a time ------------------------------------------------------------

struct Gateway {
   int at_once;
   const char* rest;
};

std::ostream& operator<<(std::ostream& out, const Gateway& each) { return out << each.at_once << ' ' << each.rest; }

class AutotaskBehindAGateway : public testing::TestWithParam<Gateway> {};

TEST_P(AutotaskBehindAGateway, is_accepted_all_the_same) {
   const std::string at_once = std::to_string(GetParam().at_once);
   // The first answers that pass take their time, so that the others meet the limit: behind the zone, the missing
   // one-shot and Tickets.
   AutotaskScene scene(faults(R"({"match":{"path":"/atservicesrest/"},"at_once":)" + at_once + "," + GetParam().rest +
                                  R"(},{"match":{"path":"/atservicesrest/"},"after":3,"times":)" + at_once +
                                  R"(,"fault":"slow","ms":300})",
                              R"(,"one_shot":"absent")"));
   scene.simulator.server().hold_until(3, [seen = 0](const auto&) mutable { return ++seen > 3 && seen <= 6; });
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   for (const auto& grant : report.grants) EXPECT_EQ(grant.granted, Granted::all) << grant.permission_id;
   EXPECT_TRUE(GetParam().at_once == 3 || scene.simulator.journal().size() > kOneByOne) << "something is turned away";
   const auto paths = scene.paths();
   for (const auto& path : {kOneShotPath, kTicketsPath})
      EXPECT_EQ(std::count_if(paths.begin(), paths.end(),
                              [&, path = path](const auto& each) {
                                 return std::equal(each.begin(), each.end(), path.begin(), path.end(),
                                                   [](char a, char b) { return (a | 32) == (b | 32); });
                              }),
                1)
          << "the sign-in is never asked again";
}

constexpr const char* kThreads =
    R"("fault":"status","status":500,"body":"{\"errors\":[\"thread threshold of 3 threads has been exceeded\"]}")";
constexpr const char* kErrorNumber = R"("fault":"status","status":500,"body":"{\"errors\":[\"Itgenatr005\"]}")";

INSTANTIATE_TEST_SUITE_P(
    OfEveryKind, AutotaskBehindAGateway,
    testing::Values(Gateway{1, R"("fault":"status","status":503)"}, Gateway{2, R"("fault":"status","status":503)"},
                    Gateway{3, R"("fault":"status","status":503)"}, Gateway{1, R"("fault":"status","status":429)"},
                    Gateway{2, R"("fault":"status","status":429)"}, Gateway{3, R"("fault":"status","status":429)"},
                    Gateway{1, R"("fault":"reset")"}, Gateway{2, R"("fault":"reset")"},
                    Gateway{3, R"("fault":"reset")"}, Gateway{1, kThreads}, Gateway{2, kThreads},
                    Gateway{1, kErrorNumber}, Gateway{1, R"("fault":"html")"}, Gateway{2, R"("fault":"html")"},
                    Gateway{1, R"("fault":"truncated")"}, Gateway{2, R"("fault":"truncated")"},
                    Gateway{2, R"("fault":"status","status":200,"body":"{\"info\":{\"na")"},
                    Gateway{2, R"("fault":"status","status":403,"body":"<html>Blocked</html>")"},
                    Gateway{2, R"("fault":"html","status":502)"}));

TEST(AutotaskRights, what_stays_turned_away_is_told_as_before) {
   const struct {
      const char* rest;
      Outcome outcome;
      const char* code;
   } cases[] = {{R"("fault":"status","status":503)", Outcome::unavailable, "platform.unavailable"},
                {R"("fault":"status","status":429)", Outcome::throttled, "platform.throttled"},
                {R"("fault":"reset")", Outcome::unreachable, "net.reset"},
                {R"("fault":"html")", Outcome::unavailable, "platform.unexpected_response"},
                {R"("fault":"truncated")", Outcome::unavailable, "platform.unexpected_response"},
                {kThreads, Outcome::throttled, "platform.throttled"}};
   for (const auto& each : cases) {
      AutotaskScene scene(faults(fault("/atservicesrest/v1.0/Companies/", each.rest), R"(,"one_shot":"absent")"));
      const auto report = scene.check();
      EXPECT_EQ(report.outcome, each.outcome) << each.rest;
      EXPECT_EQ(first_error(report).code, each.code) << each.rest;
      const auto paths = scene.paths();
      EXPECT_EQ(std::count_if(paths.begin(), paths.end(),
                              [](const auto& path) { return path.find("Companies") != std::string::npos; }),
                3)
          << each.rest;
      EXPECT_FALSE(msp::host::refuses_credentials(report));
   }
}

TEST(AutotaskRights, a_gateway_that_asks_for_a_sign_in_later_refuses_no_credentials) {
   AutotaskScene scene(
       faults(fault("/atservicesrest/v1.0/Companies/", R"("fault":"html","status":401)"), R"(,"one_shot":"absent")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::unavailable);
   EXPECT_EQ(first_error(report).code, "platform.unexpected_response");
   EXPECT_THAT(first_error(report).summary, HasSubstr("Something in front of Autotask asks for a sign-in"));
   for (const auto& grant : report.grants)
      EXPECT_EQ(grant.granted, grant.permission_id == "companies.query" ? Granted::unknown : Granted::all)
          << grant.permission_id;
   const auto paths = scene.paths();
   EXPECT_EQ(std::count_if(paths.begin(), paths.end(),
                           [](const auto& path) { return path.find("zoneInformation") != std::string::npos; }),
             1)
       << "no tenant has moved";
   EXPECT_EQ(std::count_if(paths.begin(), paths.end(),
                           [](const auto& path) { return path.find("Companies") != std::string::npos; }),
             1);
}

// --- a tenant that moves --------------------------------------------------------------------------------------------

std::string moving(std::size_t after) {
   return R"({"one_shot":"absent","users":[{"login":"api+console@msp.example","secret":"Throw$away#1",
      "integration_codes":["THROWAWAYTRACKINGIDENTIFIER"],"moves_to":"UK","moves_after":)" +
          std::to_string(after) + "}]}";
}

TEST(AutotaskRights, a_tenant_that_moves_during_the_check_is_followed_once) {
   AutotaskScene scene(moving(2));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   ASSERT_TRUE(report.session);
   EXPECT_EQ(report.session->base_url, "https://webservices16.autotask.net/ATServicesRest/");
   const auto paths = scene.paths();
   EXPECT_EQ(std::count_if(paths.begin(), paths.end(),
                           [](const auto& path) { return path.find("zoneInformation") != std::string::npos; }),
             2);
}

TEST(AutotaskRights, a_later_401_in_an_unchanged_zone_is_a_refusal) {
   AutotaskScene scene(
       faults(fault("/atservicesrest/v1.0/Companies/", R"("fault":"status","status":401)"), R"(,"one_shot":"absent")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_EQ(first_error(report).code, "auth.rejected");
   const auto paths = scene.paths();
   EXPECT_EQ(std::count_if(paths.begin(), paths.end(),
                           [](const auto& path) { return path.find("Companies") != std::string::npos; }),
             1);
}

TEST(AutotaskManifest, editing_tickets_is_required_and_every_right_has_a_way_to_get_it) {
   AutotaskScene scene;
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
