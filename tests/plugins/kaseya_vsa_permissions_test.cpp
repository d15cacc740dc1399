// What a user of Kaseya VSA may do, asked right by right.
#include <gmock/gmock.h>

#include "kaseya_vsa_scene.hpp"

namespace {

using namespace msp::test;
using msp::host::Granted;
using msp::host::How;
using msp::host::Outcome;
using msp::host::Severity;
using msp::host::Verdict;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kProvable[] = {"orgs.read",       "machinegroups.read",    "agents.read",
                                     "agentprocs.read", "securityproducts.read", "servicedesks.read"};

// Completes a fault.
constexpr const char* kNoRecords =
    R"("fault":"status","status":200,"body":"{\"TotalRecords\":0,\"Result\":[],\"ResponseCode\":0}")";

// Long enough for what is answered.
msp::host::CheckOptions short_step() {
   msp::host::CheckOptions options;
   options.step_timeout = std::chrono::milliseconds(1500);
   return options;
}

TEST(KaseyaVsaPermissions, a_full_role_proves_all_that_reading_can_prove) {
   Scene scene;
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_EQ(report.verdict, Verdict::unverifiable) << "running a procedure cannot be proven by reading";
   EXPECT_EQ(report.grants.size(), 8U);
   for (const char* id : kProvable) {
      EXPECT_EQ(granted(report, id), Granted::all) << id;
      EXPECT_EQ(find_grant(report, id)->how, How::probed) << id;
   }
   for (const char* id : {"agentprocs.run", "tickets.create"}) {
      EXPECT_EQ(granted(report, id), Granted::unknown) << id;
      EXPECT_EQ(evidence_of(report, id), "reading cannot prove it");
   }
   const auto* finding = find_finding(report, "perm.unverifiable");
   ASSERT_NE(finding, nullptr);
   EXPECT_EQ(finding->severity, Severity::warning);
}

TEST(KaseyaVsaPermissions, the_questions_are_asked_at_once) {
   msp::sim::KaseyaVsaSimulator simulator;
   simulator.server().hold_until(5, [](const auto& request) {
      return request.path.find("/echo") == std::string::npos && request.path.find("/auth") == std::string::npos &&
             request.path.find("/securityproducts") == std::string::npos;
   });
   const LoadedPlugin plugin(MSP_PLUGIN_FILE, network_of(simulator));
   const Form form;
   const auto report = plugin.check(form.values(), form.secrets());
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_GE(simulator.server().counters().most_under_way, 5U);
}

TEST(KaseyaVsaPermissions, a_role_without_agents_is_refused_with_the_right_named) {
   for (const char* refusal : {"http_status", "in_200"})
      for (const char* code : {"seven_digits", "three_digits", "seven_digits_text", "three_digits_text"}) {
         Scene scene(R"({"refusal":")" + std::string(refusal) + R"(","response_code":")" + code + "\"}");
         const auto report = scene.check(token_of("no-agents", 2));
         EXPECT_EQ(report.outcome, Outcome::refused) << refusal << ' ' << code;
         EXPECT_EQ(report.verdict, Verdict::insufficient);
         EXPECT_EQ(granted(report, "agents.read"), Granted::none);
         EXPECT_EQ(granted(report, "orgs.read"), Granted::all);
         EXPECT_EQ(granted(report, "securityproducts.read"), Granted::unknown) << "there is no agent to ask about";
         const auto error = first_error(report);
         EXPECT_EQ(error.code, "perm.missing");
         EXPECT_THAT(error.summary, HasSubstr("Agents"));
         EXPECT_THAT(error.remedy, HasSubstr("System > User Security > Roles"));
         EXPECT_EQ(scene.simulator.sign_ins(), 1U);
      }
}

TEST(KaseyaVsaPermissions, a_token_narrower_than_its_role_is_found_out) {
   Scene scene;
   const auto report = scene.check(token_of("narrow-token", 8));
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_EQ(granted(report, "orgs.read"), Granted::none);
   EXPECT_EQ(granted(report, "machinegroups.read"), Granted::all);
   EXPECT_EQ(granted(report, "agents.read"), Granted::all);
   EXPECT_EQ(granted(report, "securityproducts.read"), Granted::none);
   EXPECT_EQ(granted(report, "servicedesks.read"), Granted::none);
   EXPECT_THAT(evidence_of(report, "orgs.read"), HasSubstr("403"));
}

TEST(KaseyaVsaPermissions, an_empty_scope_is_a_warning_and_no_denial) {
   Scene scene;
   const auto report = scene.check(token_of("sees-nothing", 3));
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   for (const char* id : {"orgs.read", "machinegroups.read", "agents.read"}) {
      EXPECT_EQ(granted(report, id), Granted::all) << id;
      EXPECT_EQ(evidence_of(report, id), "TotalRecords=0") << id;
   }
   EXPECT_EQ(granted(report, "agentprocs.read"), Granted::all);
   EXPECT_EQ(evidence_of(report, "securityproducts.read"), "not asked: no agent is known");
   EXPECT_EQ(std::count_if(report.findings.begin(), report.findings.end(),
                           [](const auto& each) { return each.code == "perm.restricted"; }),
             3)
       << "one for each list that a scope narrows";
   const auto* finding = find_finding(report, "perm.restricted");
   ASSERT_NE(finding, nullptr);
   EXPECT_EQ(finding->severity, Severity::warning);
   EXPECT_THAT(finding->remedy, HasSubstr("Scopes"));
}

TEST(KaseyaVsaPermissions, an_agent_without_security_products_is_nothing_to_warn_about) {
   Scene scene(fault("assetmgmt/audit", kNoRecords));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_EQ(granted(report, "securityproducts.read"), Granted::all);
   EXPECT_EQ(evidence_of(report, "securityproducts.read"), "TotalRecords=0");
   EXPECT_FALSE(has_finding(report, "perm.restricted"));
}

TEST(KaseyaVsaPermissions, lists_that_no_scope_narrows_may_be_empty_without_a_warning) {
   for (const char* path : {"automation/agentprocs", "automation/servicedesks"}) {
      Scene scene(fault(path, kNoRecords));
      const auto report = scene.check();
      EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
      const auto* finding = find_finding(report, "perm.restricted");
      ASSERT_NE(finding, nullptr) << path;
      EXPECT_EQ(finding->severity, Severity::info) << path;
      EXPECT_THAT(finding->remedy, AllOf(HasSubstr("unless there should be some"), Not(HasSubstr("Scopes")))) << path;
   }
}

TEST(KaseyaVsaPermissions, a_403_without_an_envelope_denies_as_well) {
   for (const char* refusal : {"text", "empty"}) {
      Scene scene(R"({"refusal":")" + std::string(refusal) + "\"}");
      const auto report = scene.check(token_of("no-agents", 2));
      EXPECT_EQ(report.outcome, Outcome::refused) << refusal;
      EXPECT_EQ(report.verdict, Verdict::insufficient) << refusal;
      EXPECT_EQ(granted(report, "agents.read"), Granted::none) << refusal;
      EXPECT_EQ(first_error(report).code, "perm.missing") << refusal;
   }
}

TEST(KaseyaVsaPermissions, a_page_with_403_may_be_a_gateways_and_denies_nothing) {
   Scene scene(R"({"refusal":"page"})");
   const auto report = scene.check(token_of("no-agents", 2));
   EXPECT_EQ(report.outcome, Outcome::unavailable);
   EXPECT_EQ(granted(report, "agents.read"), Granted::unknown);
   EXPECT_EQ(first_error(report).code, "platform.unexpected_response");
   EXPECT_THAT(first_error(report).summary, HasSubstr("the list of agents"));
   EXPECT_FALSE(has_finding(report, "perm.missing"));
}

TEST(KaseyaVsaPermissions, without_the_module_there_are_no_service_desks_and_no_warning_about_the_version) {
   for (const std::string& scenario :
        {std::string(R"({"service_desk":false})"),
         R"({"service_desk":false,)" +
             fault("automation/servicedesks", R"("fault":"status","status":500)").substr(1)}) {
      Scene scene(scenario);
      const auto report = scene.check();
      EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
      EXPECT_EQ(granted(report, "servicedesks.read"), Granted::none);
      EXPECT_THAT(evidence_of(report, "servicedesks.read"), HasSubstr("not activated"));
      EXPECT_FALSE(has_finding(report, "platform.unsupported_version"));
      EXPECT_EQ(scene.asked("environment"), 0U);
   }
}

TEST(KaseyaVsaPermissions, service_desks_that_are_missing_with_an_unclear_word_about_the_module_are_told_so) {
   Scene scene(R"({"service_desk":false,)" + fault("ismoduleactivated", R"("fault":"html")").substr(1));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_EQ(granted(report, "servicedesks.read"), Granted::none);
   EXPECT_TRUE(has_finding(report, "platform.unsupported_version"));
}

TEST(KaseyaVsaPermissions, questions_that_prove_no_right_are_not_waited_for) {
   for (const char* path : {"environment", "ismoduleactivated"}) {
      Scene scene(fault(path, R"("fault":"silent")"));
      const auto report = scene.check();
      EXPECT_EQ(report.outcome, Outcome::accepted) << path << ": " << first_error(report).summary;
      for (const char* id : kProvable) EXPECT_EQ(granted(report, id), Granted::all) << path << ": " << id;
   }
}

TEST(KaseyaVsaPermissions, the_version_is_asked_for_last_so_that_it_takes_no_right_along) {
   Scene scene(R"({"faults":[{"match":{"path":"/api/v1.0/automation/agentprocs"},"fault":"status","status":404},
                             {"match":{"path":"/api/v1.0/environment"},"fault":"silent"}]})");
   const auto report = scene.check({}, short_step());
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_EQ(granted(report, "agentprocs.read"), Granted::none);
   EXPECT_EQ(granted(report, "securityproducts.read"), Granted::all);
   EXPECT_EQ(granted(report, "servicedesks.read"), Granted::all);
}

TEST(KaseyaVsaPermissions, what_there_was_no_time_for_is_told_as_not_asked) {
   Scene scene(fault("system/orgs", R"("fault":"silent")"));
   const auto report = scene.check({}, short_step());
   EXPECT_EQ(report.outcome, Outcome::timed_out);
   EXPECT_EQ(granted(report, "agents.read"), Granted::all);
   EXPECT_EQ(evidence_of(report, "orgs.read"), "no answer: host.deadline");
   EXPECT_EQ(evidence_of(report, "securityproducts.read"), "not asked: the time was over");
   EXPECT_EQ(granted(report, "securityproducts.read"), Granted::unknown);
}

TEST(KaseyaVsaPermissions, what_the_server_does_not_offer_is_missing_with_its_version_told) {
   Scene scene(fault("automation/agentprocs", R"("fault":"status","status":404,"body":"<html></html>")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_EQ(granted(report, "agentprocs.read"), Granted::none);
   const auto* finding = find_finding(report, "platform.unsupported_version");
   ASSERT_NE(finding, nullptr);
   EXPECT_EQ(finding->severity, Severity::warning);
   EXPECT_THAT(finding->summary, HasSubstr("version 9.5.0.0"));
   EXPECT_THAT(finding->remedy, HasSubstr("module"));
}

struct OpenQuestion {
   const char* name;
   std::string what;
   Outcome outcome;
   const char* code;
};

std::ostream& operator<<(std::ostream& out, const OpenQuestion& each) { return out << each.name; }

class KaseyaVsaOpenQuestion : public testing::TestWithParam<OpenQuestion> {};

TEST_P(KaseyaVsaOpenQuestion, about_a_required_right_is_no_pass_and_no_denial) {
   Scene scene(fault("assetmgmt/agents", GetParam().what));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, GetParam().outcome);
   EXPECT_EQ(granted(report, "agents.read"), Granted::unknown);
   EXPECT_EQ(granted(report, "orgs.read"), Granted::all);
   EXPECT_EQ(first_error(report).code, GetParam().code) << first_error(report).summary;
   EXPECT_FALSE(has_finding(report, "perm.missing"));
}

TEST_P(KaseyaVsaOpenQuestion, about_an_optional_right_is_a_warning) {
   Scene scene(fault("automation/servicedesks", GetParam().what));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_EQ(granted(report, "servicedesks.read"), Granted::unknown);
   const auto* finding = find_finding(report, GetParam().code);
   ASSERT_NE(finding, nullptr);
   EXPECT_EQ(finding->severity, Severity::warning);
}

INSTANTIATE_TEST_SUITE_P(
    OfEveryKind, KaseyaVsaOpenQuestion,
    testing::Values(
        OpenQuestion{"Reset", R"("fault":"reset")", Outcome::unreachable, "net.reset"},
        OpenQuestion{"Page", R"("fault":"html")", Outcome::unavailable, "platform.unexpected_response"},
        OpenQuestion{"Truncated", R"("fault":"truncated")", Outcome::unavailable, "platform.unexpected_response"},
        OpenQuestion{"Outage", R"("fault":"status","status":500)", Outcome::unavailable, "platform.unavailable"},
        OpenQuestion{"Throttled", R"("fault":"status","status":429)", Outcome::throttled, "platform.throttled"},
        OpenQuestion{"Redirect", R"("fault":"status","status":302,"headers":{"Location":"/x"})", Outcome::unavailable,
                     "platform.redirected"}),
    [](const auto& test) { return test.param.name; });

TEST_P(KaseyaVsaOpenQuestion, is_asked_again_only_where_it_may_pass_alone) {
   Scene scene(fault("assetmgmt/agents", GetParam().what));
   (void)scene.check();
   const std::string code = GetParam().code;
   const bool stays = code == "platform.unavailable" || code == "platform.redirected";
   EXPECT_EQ(scene.asked("assetmgmt/agents"), stays ? 1U : 3U);
   EXPECT_EQ(scene.asked("system/orgs"), 1U);
   EXPECT_EQ(scene.simulator.sign_ins(), 1U);
}

TEST(KaseyaVsaPermissions, a_server_that_wants_more_time_than_a_check_has_is_left_alone) {
   Scene scene(fault("assetmgmt/agents", R"("fault":"status","status":429,"headers":{"Retry-After":"6"})"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::throttled);
   EXPECT_EQ(first_error(report).retry_after_s, 6);
   EXPECT_EQ(scene.asked("assetmgmt/agents"), 1U);
}

TEST(KaseyaVsaPermissions, a_refusal_for_load_inside_200_is_one_too) {
   Scene scene(
       fault("assetmgmt/agents",
             R"("times":1,"fault":"status","status":200,"body":"{\"ResponseCode\":5030001,\"Error\":\"Busy\"}")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_EQ(scene.asked("assetmgmt/agents"), 2U);
}

// A gateway that lets so many requests through at a time, and turns the rest away.
struct Gateway {
   int at_once;
   const char* rest;
};

std::ostream& operator<<(std::ostream& out, const Gateway& each) { return out << each.at_once << ' ' << each.rest; }

class KaseyaVsaBehindAGateway : public testing::TestWithParam<Gateway> {};

TEST_P(KaseyaVsaBehindAGateway, is_accepted_all_the_same) {
   const std::string at_once = std::to_string(GetParam().at_once);
   // The first lists that pass take their time, so that the others meet the limit.
   Scene scene(R"({"faults":[{"match":{"path":"/api/v1.0/"},"at_once":)" + at_once + "," + GetParam().rest +
               R"(},{"match":{"path":"/api/v1.0/"},"after":2,"times":)" + at_once + R"(,"fault":"slow","ms":300}]})");
   scene.simulator.server().hold_until(5, [seen = 0](const auto&) mutable { return ++seen > 2 && seen <= 7; });
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   for (const char* id : kProvable) EXPECT_EQ(granted(report, id), Granted::all) << id;
   EXPECT_EQ(scene.simulator.sign_ins(), 1U);
   EXPECT_GT(scene.simulator.journal().size(), 8U) << "something was turned away";
}

INSTANTIATE_TEST_SUITE_P(
    OfEveryKind, KaseyaVsaBehindAGateway,
    testing::Values(Gateway{1, R"("fault":"status","status":503)"}, Gateway{2, R"("fault":"status","status":503)"},
                    Gateway{3, R"("fault":"status","status":503)"}, Gateway{1, R"("fault":"status","status":429)"},
                    Gateway{2, R"("fault":"status","status":429)"}, Gateway{3, R"("fault":"status","status":429)"},
                    Gateway{1, R"("fault":"reset")"}, Gateway{2, R"("fault":"reset")"},
                    Gateway{3, R"("fault":"reset")"}, Gateway{1, R"("fault":"html")"}, Gateway{2, R"("fault":"html")"},
                    Gateway{3, R"("fault":"html")"}, Gateway{1, R"("fault":"truncated")"},
                    Gateway{2, R"("fault":"truncated")"}, Gateway{3, R"("fault":"truncated")"},
                    Gateway{2, R"("fault":"status","status":200,"body":"{\"Result\":[{\"Ag")"},
                    Gateway{2, R"("fault":"status","status":403,"body":"<html>Blocked</html>")"},
                    Gateway{2, R"("fault":"html","status":502)"}, Gateway{2, R"("fault":"status","status":504)"}));

TEST(KaseyaVsaPermissions, a_known_denial_outweighs_an_open_question) {
   Scene scene(fault("system/orgs", R"("fault":"reset")"));
   const auto report = scene.check(token_of("no-agents", 2));
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_EQ(report.verdict, Verdict::insufficient);
   EXPECT_TRUE(has_finding(report, "perm.missing"));
}

TEST(KaseyaVsaPermissions, a_question_without_an_answer_ends_with_the_time_for_the_step) {
   Scene scene(fault("assetmgmt/agents", R"("fault":"silent")"));
   const auto report = scene.check({}, short_step());
   EXPECT_EQ(report.outcome, Outcome::timed_out);
   EXPECT_THAT(first_error(report).summary, HasSubstr("The list of agents could not be read"));
   EXPECT_FALSE(has_finding(report, "perm.missing"));
}

TEST(KaseyaVsaPermissions, a_question_without_an_answer_is_named) {
   Scene scene(fault("assetmgmt/agents", R"("fault":"reset")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::unreachable);
   EXPECT_THAT(first_error(report).summary, HasSubstr("The list of agents could not be read"));
}

TEST(KaseyaVsaPermissions, nothing_is_asked_that_proves_nothing_and_nothing_is_changed) {
   Scene scene;
   (void)scene.check();
   EXPECT_EQ(scene.simulator.journal().size(), 8U) << "who it is, the sign-in, and six lists";
   EXPECT_EQ(scene.simulator.writes(), 0U);
}

}  // namespace
