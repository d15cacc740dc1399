#include "exit_code.hpp"

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
       {"check_permissions", {"vendor.own_code"}, ExitCode::credentials_refused},
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
   EXPECT_EQ(exit_code(refused_in("check_permissions", {optional})), ExitCode::credentials_refused);
}

}  // namespace
