#include "cli/exit_code.hpp"

#include <gtest/gtest.h>

using namespace msp;
using namespace msp::console;

namespace {

host::Finding error(const std::string& code) {
   host::Finding finding;
   finding.code = code;
   return finding;
}

host::CheckReport refused_in(const std::string& step, std::vector<host::Finding> findings) {
   host::CheckReport report;
   report.outcome = host::Outcome::refused;
   report.steps.push_back({step, host::StepStatus::failed, {}});
   report.findings = std::move(findings);
   return report;
}

TEST(ExitCode, a_missing_right_is_told_from_refused_credentials_by_the_findings) {
   const struct {
      std::string step;
      std::vector<std::string> errors;
      ExitCode expected;
   } cases[] = {
       {"validate_credentials", {"auth.rejected"}, ExitCode::credentials_refused},
       {"check_permissions", {"perm.missing"}, ExitCode::permissions_insufficient},
       {"check_permissions", {"auth.expired"}, ExitCode::credentials_refused},
       {"check_permissions", {"auth.expired", "perm.unverifiable"}, ExitCode::credentials_refused},
       {"validate_credentials", {"vendor.own_code"}, ExitCode::credentials_refused},
       {"check_permissions", {"vendor.own_code"}, ExitCode::permissions_insufficient},
       {"authenticate", {"vendor.own_code"}, ExitCode::credentials_refused},
       {"authenticate", {"auth.rejected"}, ExitCode::credentials_refused},
   };
   for (const auto& [step, errors, expected] : cases) {
      std::vector<host::Finding> findings;
      for (const std::string& code : errors) findings.push_back(error(code));
      EXPECT_EQ(exit_code(refused_in(step, std::move(findings))), expected) << step << " " << errors.front();
   }
}

TEST(ExitCode, a_plugin_that_is_missing_is_unusable_once_an_integration_needs_it) {
   CheckedIntegration checked;
   checked.report.outcome = host::Outcome::incompatible;
   checked.report.findings = {error("plugin.missing")};
   EXPECT_EQ(exit_code(checked), ExitCode::no_such_thing);
   checked.integration.id = 1;
   EXPECT_EQ(exit_code(checked), ExitCode::plugin_unusable);
}

TEST(ExitCode, a_change_that_came_first_is_no_name_already_used) {
   host::CheckReport report;
   report.outcome = host::Outcome::conflict;
   report.findings = {error("name.duplicate")};
   EXPECT_EQ(exit_code(report), ExitCode::already_used);
   report.findings = {error("host.storage")};
   EXPECT_EQ(exit_code(report), ExitCode::store_unreadable);
}

TEST(ExitCode, a_missing_optional_right_is_not_why_credentials_are_refused) {
   host::Finding optional = error("perm.missing");
   optional.severity = host::Severity::warning;
   EXPECT_EQ(exit_code(refused_in("validate_credentials", {optional})), ExitCode::credentials_refused);
}

TEST(ExitCode, of_a_request_follows_from_the_status_of_its_answer) {
   const std::vector<std::pair<int, ExitCode>> cases = {
       {200, ExitCode::accepted},
       {299, ExitCode::accepted},
       {301, ExitCode::settings_invalid},
       {400, ExitCode::settings_invalid},
       {401, ExitCode::credentials_refused},
       {403, ExitCode::permissions_insufficient},
       {404, ExitCode::no_such_thing},
       {409, ExitCode::settings_invalid},
       {410, ExitCode::no_such_thing},
       {408, ExitCode::try_again},
       {429, ExitCode::try_again},
       {500, ExitCode::try_again},
       {599, ExitCode::try_again},
   };
   for (const auto& [status, expected] : cases) {
      IntegrationAnswer answer;
      answer.response.outcome = status == 401 ? host::Outcome::refused : host::Outcome::accepted;
      answer.response.status = status;
      EXPECT_EQ(exit_code(answer), expected) << status;
   }
}

TEST(ExitCode, of_a_request_without_an_answer_follows_from_why_there_is_none) {
   const struct {
      host::Outcome outcome;
      std::string code;
      ExitCode expected;
   } cases[] = {
       {host::Outcome::refused, "auth.rejected", ExitCode::credentials_refused},
       {host::Outcome::invalid_settings, "host.request_invalid", ExitCode::usage},
       {host::Outcome::invalid_settings, "integration.disabled", ExitCode::settings_invalid},
       {host::Outcome::invalid_settings, "input.required", ExitCode::settings_invalid},
       {host::Outcome::incompatible, "plugin.missing", ExitCode::plugin_unusable},
       {host::Outcome::failed, "host.secret_unreadable", ExitCode::store_unreadable},
       {host::Outcome::failed, "host.internal", ExitCode::internal},
       {host::Outcome::unreachable, "net.dns", ExitCode::try_again},
       {host::Outcome::timed_out, "host.deadline", ExitCode::timed_out},
       {host::Outcome::cancelled, "host.cancelled", ExitCode::cancelled},
   };
   for (const auto& [outcome, code, expected] : cases) {
      IntegrationAnswer answer;
      answer.integration.id = 1;
      answer.response.outcome = outcome;
      answer.response.findings = {error(code)};
      EXPECT_EQ(exit_code(answer), expected) << code;
   }
}

}  // namespace
