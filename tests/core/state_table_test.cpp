// The table "What becomes of an integration" of docs/ABI.md, walked row by row.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <regex>

#include "core/integrations.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::console {
namespace {

std::vector<std::string> words(const std::string& cell) {
   static const std::regex word("`([^`]+)`");
   std::vector<std::string> found;
   for (auto at = std::sregex_iterator(cell.begin(), cell.end(), word); at != std::sregex_iterator(); ++at)
      found.push_back((*at)[1]);
   return found;
}

host::Outcome outcome_of(const std::string& word) {
   for (int i = 0; i <= MSP_FAILED; ++i)
      if (host::name(static_cast<host::Outcome>(i)) == word) return static_cast<host::Outcome>(i);
   ADD_FAILURE() << "no outcome " << word;
   return host::Outcome::failed;
}

// The report of a check that came to this operation and ended there.
host::CheckReport report_of(const std::string& operation, const std::string& outcome, const std::string& code) {
   host::CheckReport report;
   report.outcome = outcome_of(outcome);
   for (const char* step : {"settings", "validate_credentials", "check_permissions", "authenticate"}) {
      const bool last = step == operation;
      const bool failed = last && report.outcome != host::Outcome::accepted;
      report.steps.push_back({step, failed ? host::StepStatus::failed : host::StepStatus::passed, {}});
      if (last) break;
   }
   if (!code.empty()) report.findings.push_back({code, "It happened.", "Do this."});
   return report;
}

TEST(StateTable, in_the_document_is_what_the_console_does) {
   const std::string document = test_support::read_file(MSP_ABI_DOCUMENT);
   const auto begin = document.find("## What becomes of an integration");
   ASSERT_NE(begin, document.npos);
   const std::string section = document.substr(begin, document.find("\n## ", begin + 1) - begin);
   static const std::regex row(R"(\n\| (`[^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|)");
   int combinations = 0;
   for (auto at = std::sregex_iterator(section.begin(), section.end(), row); at != std::sregex_iterator(); ++at) {
      auto codes = words((*at)[3]);
      if (codes.empty()) codes.emplace_back();
      for (const auto& operation : words((*at)[1]))
         for (const auto& outcome : words((*at)[2]))
            for (const auto& code : codes) {
               ++combinations;
               EXPECT_EQ(name(state_after(report_of(operation, outcome, code))), words((*at)[4]).at(0))
                   << operation << ' ' << outcome << ' ' << code;
            }
   }
   EXPECT_GT(combinations, 100);
}

}  // namespace
}  // namespace msp::console
