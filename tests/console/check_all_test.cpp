// A check of all whose store fails under way: what was found is told all the same, and then what is missing.
#include <gtest/gtest.h>

#include "console.hpp"
#include "console_program.hpp"
#include "plain_sqlite.hpp"

using namespace msp;
using namespace msp::console;
using test_support::ProcessResult;

namespace {

class CheckAll : public testing::Test {
 protected:
   CheckAll() {
      program_.use(platform_);
      program_.enable_autotask();
      program_.sign_in_as(test::kGoodUser, test::kGoodSecret);
      EXPECT_EQ(program_.run(program_.add_arguments({"--name", "First"})).exit_code, 0);
      program_.sign_in_as("restricted@msp.example", "Throw$away#3");
      EXPECT_EQ(program_.run(program_.add_arguments({"--name", "Second"})).exit_code, 0);
   }

   void sql(const std::string& statement) { test::run_sql(program_.data_dir() / "console.db", statement); }

   sim::AutotaskSimulator platform_;
   test::ConsoleProgram program_;
};

TEST_F(CheckAll, what_the_history_lacks_is_told_after_all_reports) {
   sql("CREATE TRIGGER full BEFORE INSERT ON checks BEGIN SELECT RAISE(ABORT, 'no room'); END");
   const ProcessResult result = program_.run({"integration", "check", "--all", "--json"});
   EXPECT_EQ(result.exit_code, 10) << result.out << result.err;
   rapidjson::Document reports;
   reports.Parse(result.out);
   ASSERT_TRUE(reports.IsArray()) << result.out;
   ASSERT_EQ(reports.Size(), 2U);
   EXPECT_STREQ(reports[1]["outcome"].GetString(), "accepted");
   EXPECT_NE(result.err.find("A part of these checks is missing in the history."), std::string::npos) << result.err;
}

TEST_F(CheckAll, integrations_that_cannot_be_read_do_not_take_the_reports_of_the_others_away) {
   ConsoleOptions options;
   options.plugin_dirs = {MSP_PLUGIN_DIRECTORY};
   options.data_dir = program_.data_dir();
   options.network.ca_file = platform_.ca_file();
   options.network.connect_to = platform_.connect_to();
   Console console(options);
   std::vector<std::string> told;
   const CheckAllResult result =
       console.integrations().check_all({{}, 1}, [&](const CheckedIntegration& checked, std::size_t) {
          told.push_back(checked.integration.name + ": " + std::string(host::name(checked.report.outcome)));
          sql("ALTER TABLE integrations RENAME TO taken_away");
       });
   EXPECT_EQ(told, std::vector<std::string>{"First: accepted"});
   EXPECT_EQ(result.enabled, 2U);
   ASSERT_TRUE(result.problem);
   EXPECT_EQ(result.problem->code, "host.storage");
   EXPECT_EQ(result.problem->summary.find(
                 "Not all integrations were checked, and a part of these checks is missing in the history. "),
             0U)
       << result.problem->summary;
}

}  // namespace
