#include "msp/host/check.hpp"

#include <gmock/gmock.h>

#include <regex>
#include <thread>

#include "tests/host/contract/scripted_plugin.hpp"

namespace msp::host {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

CheckReport check(ScriptedPlugin& script, const CheckOptions& options = {}) {
   return check(*script.load(), sample_settings(), options);
}

std::vector<StepStatus> statuses(const CheckReport& report) {
   std::vector<StepStatus> result;
   for (const auto& step : report.steps) result.push_back(step.status);
   return result;
}

auto is(const char* code, const char* step) { return AllOf(Field(&Finding::code, code), Field(&Finding::step, step)); }

constexpr auto kPassed = StepStatus::passed;
constexpr auto kWarning = StepStatus::warning;
constexpr auto kFailed = StepStatus::failed;
constexpr auto kSkipped = StepStatus::skipped;

TEST(Check, an_accepted_check_reports_who_what_and_the_session) {
   ScriptedPlugin script;
   const auto report = check(script);
   EXPECT_EQ(report.outcome, Outcome::accepted);
   EXPECT_EQ(report.platform, "sample");
   EXPECT_TRUE(std::regex_match(report.correlation_id, std::regex("[0-9a-f]{16}")));
   EXPECT_THAT(statuses(report), ElementsAre(kPassed, kPassed, kPassed, kPassed));
   EXPECT_EQ(report.identity->principal, "jane");
   EXPECT_EQ(report.verdict, Verdict::sufficient);
   EXPECT_EQ(report.grants.size(), 3u);
   EXPECT_THAT(report.findings, IsEmpty());
   ASSERT_TRUE(report.session);
   EXPECT_EQ(script.destroyed, 1);
}

TEST(Check, every_check_has_its_own_correlation_id) {
   ScriptedPlugin script;
   EXPECT_NE(check(script).correlation_id, check(script).correlation_id);
}

TEST(Check, settings_that_cannot_be_right_reach_no_plugin) {
   ScriptedPlugin script;
   script.validate = [](const msp_call*) -> msp_outcome {
      ADD_FAILURE() << "the plugin was asked";
      return MSP_FAILED;
   };
   const auto report = check(*script.load(), Settings{}, {});
   EXPECT_EQ(report.outcome, Outcome::invalid_settings);
   EXPECT_THAT(statuses(report), ElementsAre(kFailed, kSkipped, kSkipped, kSkipped));
   EXPECT_THAT(report.findings, ElementsAre(is("input.required", "settings")));
   EXPECT_FALSE(report.verdict);
}

TEST(Check, it_stops_at_the_first_step_that_is_not_accepted) {
   ScriptedPlugin script;
   script.validate = [](const msp_call* call) {
      report_error(call, "auth.rejected", "The platform said no.");
      return MSP_REFUSED;
   };
   const auto report = check(script);
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_THAT(statuses(report), ElementsAre(kPassed, kFailed, kSkipped, kSkipped));
   EXPECT_THAT(report.findings, ElementsAre(is("auth.rejected", "validate_credentials")));
   EXPECT_FALSE(report.session);
}

struct VerdictCase {
   const char* name;
   std::int32_t update;   // granted of tickets.update, which is required
   std::int32_t reports;  // granted of reports.read, which is optional
   bool verifiable;       // of both
   msp_outcome returned;
   const char* reason;  // code of the plugin's own finding, if any
   Outcome outcome;
   Verdict verdict;
   StepStatus status;
   std::vector<std::string> codes;
};

TEST(Check, the_verdict_follows_from_the_grants) {
   constexpr auto kAll = MSP_GRANTED_ALL, kSome = MSP_GRANTED_RESTRICTED, kNone = MSP_GRANTED_NONE,
                  kUnknown = MSP_GRANTED_UNKNOWN;
   using enum Outcome;
   using V = Verdict;
   const std::vector<VerdictCase> cases = {
       {"all", kAll, kAll, true, MSP_ACCEPTED, nullptr, accepted, V::sufficient, kPassed, {}},
       {"required missing",
        kNone,
        kAll,
        true,
        MSP_ACCEPTED,
        nullptr,
        refused,
        V::insufficient,
        kFailed,
        {"perm.missing"}},
       {"required restricted",
        kSome,
        kAll,
        true,
        MSP_ACCEPTED,
        nullptr,
        accepted,
        V::sufficient,
        kWarning,
        {"perm.restricted"}},
       {"required unknown",
        kUnknown,
        kAll,
        true,
        MSP_ACCEPTED,
        nullptr,
        unavailable,
        V::unverifiable,
        kFailed,
        {"perm.unverifiable"}},
       {"required unknown, network",
        kUnknown,
        kAll,
        true,
        MSP_UNREACHABLE,
        "net.reset",
        unreachable,
        V::unverifiable,
        kFailed,
        {"net.reset"}},
       {"required unknown, throttled",
        kUnknown,
        kAll,
        true,
        MSP_THROTTLED,
        "platform.throttled",
        throttled,
        V::unverifiable,
        kFailed,
        {"platform.throttled"}},
       {"required cannot be verified",
        kUnknown,
        kAll,
        false,
        MSP_ACCEPTED,
        nullptr,
        accepted,
        V::unverifiable,
        kWarning,
        {"perm.unverifiable"}},
       {"optional missing",
        kAll,
        kNone,
        true,
        MSP_ACCEPTED,
        nullptr,
        accepted,
        V::sufficient,
        kWarning,
        {"perm.missing"}},
       {"optional unknown",
        kAll,
        kUnknown,
        true,
        MSP_ACCEPTED,
        nullptr,
        accepted,
        V::sufficient,
        kWarning,
        {"perm.unverifiable"}},
       {"optional cannot be verified",
        kAll,
        kUnknown,
        false,
        MSP_ACCEPTED,
        nullptr,
        accepted,
        V::sufficient,
        kPassed,
        {"perm.unverifiable"}},
       {"both missing",
        kNone,
        kNone,
        true,
        MSP_ACCEPTED,
        nullptr,
        refused,
        V::insufficient,
        kFailed,
        {"perm.missing", "perm.missing"}},
       {"a known no outweighs a broken rest",
        kNone,
        kUnknown,
        true,
        MSP_UNAVAILABLE,
        "platform.unavailable",
        refused,
        V::insufficient,
        kFailed,
        {"platform.unavailable", "perm.missing"}},
       {"but not a plugin at fault",
        kNone,
        kUnknown,
        true,
        MSP_FAILED,
        "plugin.defect",
        failed,
        V::insufficient,
        kFailed,
        {"plugin.defect", "perm.missing"}},
   };
   for (const auto& c : cases) {
      SCOPED_TRACE(c.name);
      ScriptedPlugin script;
      for (auto& permission : script.manifest.permissions) permission.verifiable = c.verifiable;
      script.permissions = [&](const msp_call* call) {
         report_grant(call, "tickets.read", MSP_GRANTED_ALL);
         report_grant(call, "tickets.update", c.update);
         report_grant(call, "reports.read", c.reports);
         if (c.reason != nullptr) report_error(call, c.reason, "It went wrong.");
         return c.returned;
      };
      const auto report = check(script);
      EXPECT_EQ(report.outcome, c.outcome);
      EXPECT_EQ(report.verdict, c.verdict);
      EXPECT_EQ(report.steps[2].status, c.status);
      EXPECT_EQ(report.session.has_value(), c.outcome == accepted);
      std::vector<std::string> codes;
      for (const auto& finding : report.findings) codes.push_back(finding.code);
      EXPECT_EQ(codes, c.codes);
   }
}

TEST(Check, a_missing_right_is_named_in_words_with_its_use_and_its_remedy) {
   ScriptedPlugin script;
   script.permissions = [](const msp_call* call) {
      report_grant(call, "tickets.read", MSP_GRANTED_ALL);
      report_grant(call, "tickets.update", MSP_GRANTED_NONE);
      report_grant(call, "reports.read", MSP_GRANTED_ALL);
      return MSP_ACCEPTED;
   };
   const auto report = check(script);
   ASSERT_EQ(report.findings.size(), 1u);
   EXPECT_EQ(report.findings[0].summary,
             "The right to \"Update Tickets\" is missing. It is needed for: closing tickets.");
   EXPECT_EQ(report.findings[0].remedy, "Allow updating.");
   EXPECT_EQ(report.findings[0].severity, Severity::error);
}

Manifest with_permissions(Need need, bool verifiable, std::size_t count) {
   auto manifest = sample_manifest();
   manifest.permissions.clear();
   for (std::size_t i = 0; i < count; ++i) {
      manifest.permissions.push_back({.id = "right." + std::to_string(i),
                                      .entity = "Thing " + std::to_string(i),
                                      .operation = "read",
                                      .need = need,
                                      .used_for = "work",
                                      .remedy = "Allow it.",
                                      .doc_url = {},
                                      .verifiable = verifiable});
   }
   return manifest;
}

TEST(Check, many_rights_of_one_kind_are_one_remark_that_names_them_all) {
   const struct {
      const char* name;
      Need need;
      bool verifiable;
      std::int32_t granted;
      Severity severity;
      const char* code;
      const char* summary;
   } cases[] = {
       {"restricted", Need::required, true, MSP_GRANTED_RESTRICTED, Severity::warning, "perm.restricted",
        "14 rights are granted only under conditions: \"Read Thing 0\", \"Read Thing 1\""},
       {"missing", Need::optional, true, MSP_GRANTED_NONE, Severity::warning, "perm.missing",
        "14 optional rights are missing: \"Read Thing 0\", \"Read Thing 1\""},
       {"required and not verifiable", Need::required, false, MSP_GRANTED_UNKNOWN, Severity::warning,
        "perm.unverifiable", "14 rights could not be verified: \"Read Thing 0\", \"Read Thing 1\""},
       {"optional and not verifiable", Need::optional, false, MSP_GRANTED_UNKNOWN, Severity::info, "perm.unverifiable",
        "14 rights could not be verified: \"Read Thing 0\", \"Read Thing 1\""},
   };
   for (const auto& c : cases) {
      SCOPED_TRACE(c.name);
      for (const bool same_remedy : {true, false}) {
         ScriptedPlugin script;
         script.manifest = with_permissions(c.need, c.verifiable, 14);
         if (!same_remedy) script.manifest.permissions[13].remedy = "Allow it elsewhere.";
         script.permissions = [&](const msp_call* call) {
            for (const auto& each : script.manifest.permissions) report_grant(call, each.id.c_str(), c.granted);
            return MSP_ACCEPTED;
         };
         const auto report = check(script);
         ASSERT_EQ(report.outcome, Outcome::accepted);
         ASSERT_EQ(report.findings.size(), 1u);
         const Finding& finding = report.findings.front();
         EXPECT_EQ(finding.code, c.code);
         EXPECT_EQ(finding.severity, c.severity);
         EXPECT_TRUE(finding.summary.starts_with(c.summary)) << finding.summary;
         EXPECT_TRUE(finding.summary.ends_with("\"Read Thing 13\".")) << finding.summary;
         const bool unverified = c.granted == MSP_GRANTED_UNKNOWN;
         const std::string known = unverified ? "Nothing is known to be missing. If something that needs " : "";
         EXPECT_EQ(finding.remedy,
                   same_remedy  ? known + (unverified ? "it fails: " : "") + "Allow it."
                   : unverified ? known + "one of them fails, see how that permission is granted."
                                : "Decide whether that is enough; each permission says how it is granted in full.");
         EXPECT_FALSE(remarks(report).none());
      }
   }
}

TEST(Check, each_missing_right_that_is_required_is_an_error_of_its_own) {
   ScriptedPlugin script;
   script.manifest = with_permissions(Need::required, true, 3);
   script.permissions = [&](const msp_call* call) {
      for (const auto& each : script.manifest.permissions) report_grant(call, each.id.c_str(), MSP_GRANTED_NONE);
      return MSP_ACCEPTED;
   };
   EXPECT_EQ(check(script).findings.size(), 3u);
}

TEST(Check, remarks_count_what_is_not_in_order_and_are_none_when_everything_is) {
   constexpr auto kAll = MSP_GRANTED_ALL, kSome = MSP_GRANTED_RESTRICTED, kNone = MSP_GRANTED_NONE,
                  kUnknown = MSP_GRANTED_UNKNOWN;
   const struct {
      std::int32_t update;   // required
      std::int32_t reports;  // optional
      const char* warning;   // of the plugin
      Remarks expected;
   } cases[] = {
       {kAll, kAll, nullptr, {}},
       {kSome, kAll, nullptr, {.restricted = 1}},
       {kSome, kSome, nullptr, {.restricted = 2}},
       {kUnknown, kAll, nullptr, {.unverified = 1}},
       {kAll, kUnknown, nullptr, {.unverified = 1}},
       {kAll, kNone, nullptr, {.missing_optional = 1}},
       {kAll, kAll, "auth.method_deprecated", {.deprecated = 1}},
       {kAll, kAll, "platform.unsupported_version", {.other = 1}},
       {kSome, kAll, "perm.restricted", {.restricted = 1}},
       {kAll, kAll, "perm.restricted", {.restricted = 1}},  // the plugin's own warning of a right that is granted
       {kNone, kSome, "auth.method_deprecated", {}},        // refused
   };
   for (const auto& c : cases) {
      ScriptedPlugin script;
      for (auto& permission : script.manifest.permissions) permission.verifiable = false;
      script.permissions = [&](const msp_call* call) {
         report_grant(call, "tickets.read", kAll);
         report_grant(call, "tickets.update", c.update);
         report_grant(call, "reports.read", c.reports);
         if (c.warning != nullptr) {
            msp_finding finding{};
            finding.struct_size = sizeof(finding);
            finding.severity = MSP_WARNING;
            finding.code = c.warning;
            finding.summary = "Know this.";
            call->report_finding(call, &finding);
         }
         return MSP_ACCEPTED;
      };
      const auto report = check(script);
      EXPECT_EQ(remarks(report), c.expected) << c.update << ' ' << c.reports << ' ' << (c.warning ? c.warning : "");
      EXPECT_EQ(remarks(report).none(), c.expected == Remarks{});
   }
}

TEST(Check, one_that_could_not_be_made_is_told_from_one_that_was) {
   using enum Outcome;
   const struct {
      Outcome outcome;
      const char* code;
      bool made;
   } cases[] = {
       {accepted, nullptr, true},
       {refused, "auth.rejected", true},
       {refused, "perm.missing", true},
       {invalid_settings, "input.invalid", true},
       {conflict, "account.mismatch", true},
       {incompatible, "plugin.missing", true},
       {unreachable, "net.dns", false},
       {throttled, "platform.throttled", false},
       {unavailable, "platform.unavailable", false},
       {timed_out, "host.deadline", false},
       {cancelled, "host.cancelled", false},
       {failed, "plugin.defect", true},
       {failed, "host.internal", false},
       {failed, "host.storage", false},
       {failed, "host.secret_unreadable", true},
   };
   for (const auto& [outcome, code, made] : cases) {
      CheckReport report;
      report.outcome = outcome;
      if (code != nullptr) report.findings.emplace_back().code = code;
      EXPECT_EQ(was_made(report), made) << name(outcome) << ' ' << (code ? code : "");
   }
}

TEST(Check, a_plugin_that_cannot_be_connected_fails_the_first_operation) {
   ScriptedPlugin script;
   script.create = [](const msp_call*) -> msp_outcome { return MSP_FAILED; };
   const auto report = check(script);
   EXPECT_EQ(report.outcome, Outcome::failed);
   EXPECT_THAT(statuses(report), ElementsAre(kPassed, kFailed, kSkipped, kSkipped));
   EXPECT_THAT(report.findings, ElementsAre(is("plugin.defect", "validate_credentials")));
}

TEST(Check, a_check_that_was_cancelled_before_it_began_asks_nothing) {
   ScriptedPlugin script;
   std::stop_source cancel;
   cancel.request_stop();
   CheckOptions options;
   options.cancel = cancel.get_token();
   const auto report = check(script, options);
   EXPECT_EQ(report.outcome, Outcome::cancelled);
   EXPECT_THAT(report.findings, ElementsAre(is("host.cancelled", "validate_credentials")));
}

TEST(Check, the_time_for_the_whole_check_bounds_every_step) {
   ScriptedPlugin script;
   script.permissions = [](const msp_call* call) {
      EXPECT_EQ(call->wait(call, 20'000), 0U) << "the deadline ends it, long before its own time";
      return MSP_TIMED_OUT;
   };
   CheckOptions options;
   options.timeout = 300ms;
   options.step_timeout = 1h;
   const auto report = check(script, options);
   EXPECT_EQ(report.outcome, Outcome::timed_out);
   EXPECT_THAT(report.findings, ElementsAre(is("host.deadline", "check_permissions")));
}

TEST(Check, events_tell_every_step_as_it_happens) {
   ScriptedPlugin script;
   script.validate = [](const msp_call* call) {
      call->progress(call, "Signing in");
      report_error(call, "auth.rejected", "No.");
      return MSP_REFUSED;
   };
   std::vector<std::string> told;
   CheckOptions options;
   options.on_event = [&](const CheckEvent& event) {
      switch (event.kind) {
         case CheckEvent::Kind::step_started:
            return told.push_back(event.step + " started");
         case CheckEvent::Kind::progress:
            return told.push_back(event.step + ": " + event.sentence);
         case CheckEvent::Kind::step_ended:
            return told.push_back(event.step + ' ' + std::string(name(event.status)));
      }
   };
   (void)check(script, options);
   EXPECT_THAT(told, ElementsAre("settings started", "settings passed", "validate_credentials started",
                                 "validate_credentials: Signing in", "validate_credentials failed"));
}

TEST(Check, what_the_caller_throws_is_reported_and_not_passed_on) {
   ScriptedPlugin script;
   CheckOptions options;
   options.on_event = [](const CheckEvent&) { throw std::runtime_error("no screen"); };
   const auto report = check(script, options);
   EXPECT_EQ(report.outcome, Outcome::failed);
   ASSERT_EQ(report.findings.size(), 1u);
   EXPECT_EQ(report.findings[0].code, "host.internal");
   EXPECT_EQ(report.findings[0].summary, "The console could not go on with the check: no screen.");
}

TEST(Check, what_this_machine_lacks_is_told_as_that) {
   const struct {
      std::function<void()> fail;
      const char* why;
      const char* remedy;
   } cases[] = {
       {[] { throw std::bad_alloc(); }, "no memory is left on this machine.", "Free memory on this machine"},
       {[] { throw std::system_error(std::make_error_code(std::errc::too_many_files_open)); },
        "this machine refused what it needs (Too many open files).", "open files left for this user"},
   };
   for (const auto& c : cases) {
      ScriptedPlugin script;
      CheckOptions options;
      options.on_event = [&](const CheckEvent&) { c.fail(); };
      const auto report = check(script, options);
      EXPECT_EQ(report.outcome, Outcome::failed);
      ASSERT_EQ(report.findings.size(), 1u);
      EXPECT_EQ(report.findings[0].code, "host.internal");
      EXPECT_EQ(report.findings[0].summary, "The console could not go on with the check: " + std::string(c.why));
      EXPECT_THAT(report.findings[0].remedy, HasSubstr(c.remedy));
   }
}

}  // namespace
}  // namespace msp::host
