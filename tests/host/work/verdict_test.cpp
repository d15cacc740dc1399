#include "work/verdict.hpp"

#include <gtest/gtest.h>

namespace msp::host {
namespace {

Manifest manifest(bool verifiable = true) {
   Manifest result;
   for (const auto& [id, need] : {std::pair("tickets.update", Need::required), {"reports.read", Need::optional}}) {
      Permission permission;
      permission.id = id;
      permission.operation = "use";
      permission.entity = id;
      permission.need = need;
      permission.verifiable = verifiable;
      permission.remedy = "Grant it.";
      result.permissions.push_back(std::move(permission));
   }
   return result;
}

OperationReport report(Granted required, Granted optional, Outcome outcome = Outcome::accepted) {
   OperationReport result;
   result.outcome = outcome;
   result.grants = {{"tickets.update", required, How::introspected, {}}, {"reports.read", optional, How::probed, {}}};
   return result;
}

TEST(Verdict, only_what_is_required_can_refuse_and_only_what_could_be_told_stays_open) {
   struct Case {
      Granted required, optional;
      bool verifiable;
      Verdict verdict;
      Outcome outcome;
   };
   using enum Granted;
   const Case cases[] = {
       {all, all, true, Verdict::sufficient, Outcome::accepted},
       {restricted, none, true, Verdict::sufficient, Outcome::accepted},
       {all, unknown, true, Verdict::sufficient, Outcome::accepted},
       {none, all, true, Verdict::insufficient, Outcome::refused},
       {unknown, all, true, Verdict::unverifiable, Outcome::unavailable},
       {unknown, all, false, Verdict::unverifiable, Outcome::accepted},
       {none, unknown, false, Verdict::insufficient, Outcome::refused},
   };
   for (const Case& c : cases) {
      OperationReport judged = report(c.required, c.optional);
      SCOPED_TRACE(std::string(name(c.required)) + ", " + std::string(name(c.optional)));
      EXPECT_EQ(judge_permissions(manifest(c.verifiable), judged), c.verdict);
      EXPECT_EQ(judged.outcome, c.outcome);
   }
}

// Whoever stopped the operation, or broke it, is not told that rights are missing instead.
TEST(Verdict, a_known_no_refuses_unless_the_operation_was_stopped_or_is_at_fault) {
   struct Case {
      Outcome before, after;
   };
   using enum Outcome;
   const Case cases[] = {
       {accepted, refused},          {refused, refused},
       {unreachable, refused},       {throttled, refused},
       {unavailable, refused},       {cancelled, cancelled},
       {timed_out, timed_out},       {failed, failed},
       {incompatible, incompatible}, {invalid_settings, invalid_settings},
   };
   for (const auto& [before, after] : cases) {
      OperationReport judged = report(Granted::none, Granted::all, before);
      EXPECT_EQ(judge_permissions(manifest(), judged), Verdict::insufficient);
      EXPECT_EQ(name(judged.outcome), name(after)) << name(before);
   }
}

TEST(Verdict, a_required_right_that_stayed_open_is_worth_the_reason_that_was_given) {
   struct Case {
      const char* code;
      Outcome outcome;
   };
   for (const auto& [code, outcome] : {Case{"platform.throttled", Outcome::throttled},
                                       {"net.timeout", Outcome::unreachable},
                                       {"platform.unavailable", Outcome::unavailable}}) {
      OperationReport judged = report(Granted::unknown, Granted::all);
      judged.findings = {{code, "It went wrong.", "Try again."}};
      EXPECT_EQ(judge_permissions(manifest(), judged), Verdict::unverifiable);
      EXPECT_EQ(name(judged.outcome), name(outcome)) << code;
   }
}

TEST(Verdict, why_there_is_no_answer_is_not_told_twice) {
   OperationReport judged = report(Granted::unknown, Granted::unknown, Outcome::unreachable);
   judged.findings = {{"net.reset", "The connection was cut.", "Try again."}};
   EXPECT_EQ(judge_permissions(manifest(), judged), Verdict::unverifiable);
   EXPECT_EQ(judged.findings.size(), 1U);
   EXPECT_EQ(judged.outcome, Outcome::unreachable);
}

}  // namespace
}  // namespace msp::host
