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
using testing::HasSubstr;

constexpr const char* kProvable[] = {"orgs.read",       "machinegroups.read",    "agents.read",
                                     "agentprocs.read", "securityproducts.read", "servicedesks.read"};

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
   simulator.server().hold_until(6, [](const auto& request) {
      return request.path.find("/echo") == std::string::npos && request.path.find("/auth") == std::string::npos &&
             request.path.find("/securityproducts") == std::string::npos &&
             request.path.find("/servicedesks") == std::string::npos;
   });
   const LoadedPlugin plugin(MSP_PLUGIN_FILE, network_of(simulator));
   const Form form;
   const auto report = plugin.check(form.values(), form.secrets());
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_GE(simulator.server().counters().most_under_way, 6U);
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
   EXPECT_EQ(evidence_of(report, "securityproducts.read"), "no agent to ask about");
   const auto* finding = find_finding(report, "perm.restricted");
   ASSERT_NE(finding, nullptr);
   EXPECT_EQ(finding->severity, Severity::warning);
   EXPECT_THAT(finding->remedy, HasSubstr("Scopes"));
}

TEST(KaseyaVsaPermissions, without_the_module_service_desks_are_not_asked_for) {
   Scene scene(R"({"service_desk":false})");
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_EQ(scene.asked("automation/servicedesks"), 0U);
   EXPECT_EQ(granted(report, "servicedesks.read"), Granted::none);
   EXPECT_THAT(evidence_of(report, "servicedesks.read"), HasSubstr("not activated"));
}

TEST(KaseyaVsaPermissions, an_unclear_word_about_the_module_does_not_spare_the_question) {
   Scene scene(fault("ismoduleactivated", R"("fault":"html")"));
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_EQ(granted(report, "servicedesks.read"), Granted::all);
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

TEST(KaseyaVsaPermissions, a_known_denial_outweighs_an_open_question) {
   Scene scene(fault("system/orgs", R"("fault":"reset")"));
   const auto report = scene.check(token_of("no-agents", 2));
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_EQ(report.verdict, Verdict::insufficient);
   EXPECT_TRUE(has_finding(report, "perm.missing"));
}

TEST(KaseyaVsaPermissions, a_question_without_an_answer_ends_with_the_time_for_the_step) {
   Scene scene(fault("assetmgmt/agents", R"("fault":"silent")"));
   msp::host::CheckOptions options;
   options.step_timeout = std::chrono::milliseconds(1500);
   const auto report = scene.check({}, options);
   EXPECT_EQ(report.outcome, Outcome::timed_out);
   EXPECT_FALSE(has_finding(report, "perm.missing"));
}

TEST(KaseyaVsaPermissions, everything_is_asked_for_one_record_and_nothing_is_changed) {
   Scene scene;
   (void)scene.check();
   EXPECT_EQ(scene.simulator.journal().size(), 10U);
   EXPECT_EQ(scene.simulator.writes(), 0U);
}

}  // namespace
