#include "msp/host/sign_out.hpp"

#include <gmock/gmock.h>

#include "tests/host/contract/scripted_plugin.hpp"

namespace msp::host {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

SignOutReport sign_out(ScriptedPlugin& script, const CheckOptions& options = {}) {
   script.manifest.signs_out = true;
   return sign_out(*script.load(), sample_settings(), options);
}

TEST(SignOut, the_plugin_is_given_the_secrets_and_the_time_and_language_that_there_are) {
   ScriptedPlugin script;
   script.manifest.texts["de"];
   script.sign_out = [](const msp_call* call) {
      EXPECT_STREQ(call->secret(call, "password"), "correct horse");
      EXPECT_LE(call->remaining_ms(call), 500U);
      EXPECT_STREQ(call->language, "de");
      EXPECT_EQ(call->flags & MSP_CALL_ATTENDED, 0U);
      return MSP_ACCEPTED;
   };
   CheckOptions options;
   options.timeout = std::chrono::milliseconds(500);
   options.languages = {"de-AT"};
   const auto report = sign_out(script, options);
   EXPECT_EQ(report.outcome, Outcome::accepted);
   EXPECT_THAT(report.findings, IsEmpty());
   EXPECT_EQ(script.destroyed, 1);
}

TEST(SignOut, what_is_still_open_at_the_platform_is_told) {
   ScriptedPlugin script;
   script.sign_out = [](const msp_call* call) {
      report_error(call, "platform.unavailable", "Sample has no time.");
      return MSP_UNAVAILABLE;
   };
   const auto report = sign_out(script);
   EXPECT_EQ(report.outcome, Outcome::unavailable);
   EXPECT_EQ(report.findings.at(0).summary, "Sample has no time.");
}

TEST(SignOut, a_manifest_that_promises_what_the_plugin_does_not_have_is_a_defect) {
   ScriptedPlugin script;
   const auto report = sign_out(script);
   EXPECT_NE(report.outcome, Outcome::accepted);
   EXPECT_EQ(report.findings.at(0).code, "plugin.defect");
}

TEST(SignOut, what_belongs_to_another_operation_is_not_taken) {
   ScriptedPlugin script;
   script.sign_out = [](const msp_call* call) { return report_session(call), MSP_ACCEPTED; };
   const auto report = sign_out(script);
   EXPECT_THAT(report.findings.at(0).summary, HasSubstr("a session"));
}

}  // namespace
}  // namespace msp::host
