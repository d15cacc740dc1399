// What becomes of saved secrets when somebody writes into the database past the console.
#include <gtest/gtest.h>

#include "console_program.hpp"
#include "plain_sqlite.hpp"
#include "sim/kaseya_vsa_sim.hpp"

using namespace msp;
using namespace msp::console::test;
using test_support::ProcessResult;

namespace {

constexpr const char* kName = "Kaseya";

class Tampering : public testing::Test {
 protected:
   void SetUp() override {
      console_.use(simulator_);
      // Requests to the attacker's address would arrive, and be seen.
      console_.environment["MSP_CONSOLE_CONNECT_TO"] +=
          ",evil.example:443:127.0.0.1:" + std::to_string(simulator_.port());
      console_.environment["THE_TOKEN"] = "0f1e2d3c-0000-4000-8000-000000000001";
      ASSERT_EQ(console_.run({"plugin", "enable", "kaseya_vsa", "--yes"}).exit_code, 0);
      const ProcessResult added = console_.run({"integration", "add", "--platform", "kaseya_vsa", "--name", kName,
                                                "--no-input", "--set", "server=https://vsa.example.com", "--set",
                                                "user_name=console", "--secret", "pat=@env:THE_TOKEN"});
      ASSERT_EQ(added.exit_code, 0) << added.out << added.err;
   }

   void tamper(const std::string& sql) const { run_sql(console_.data_dir() / "console.db", sql); }

   sim::KaseyaVsaSimulator simulator_;
   ConsoleProgram console_;
};

TEST_F(Tampering, a_secret_whose_address_was_changed_in_the_database_is_sent_nowhere) {
   tamper("UPDATE settings SET value = 'https://evil.example' WHERE field = 'server'");
   const std::size_t before = simulator_.journal().size();
   for (const std::vector<std::string>& command :
        {std::vector<std::string>{"integration", "check", kName, "--json"},
         std::vector<std::string>{"integration", "edit", kName, "--json", "--no-input", "--set",
                                  "user_name=console"}}) {
      const ProcessResult result = console_.run(command);
      EXPECT_EQ(result.exit_code, 10) << result.out << result.err;
      const auto report = document(result);
      ASSERT_TRUE(report.HasMember("findings") && report["findings"].Size() == 1) << result.out;
      EXPECT_STREQ(report["findings"][0]["code"].GetString(), "host.secret_unreadable");
      EXPECT_STREQ(report["findings"][0]["field"].GetString(), "pat");
   }
   EXPECT_EQ(simulator_.journal().size(), before) << "nothing may be sent";
   const ProcessResult listed = console_.run({"integration", "list", "--json"});
   EXPECT_EQ(listed.exit_code, 0);
   EXPECT_STREQ(document(listed)["integrations"][0]["state"].GetString(), "needs_attention");
}

TEST_F(Tampering, an_edit_with_the_right_address_and_the_secret_makes_it_whole_again) {
   tamper("UPDATE settings SET value = 'https://evil.example' WHERE field = 'server'");
   const ProcessResult edited = console_.run({"integration", "edit", kName, "--no-input", "--set",
                                              "server=https://vsa.example.com", "--secret", "pat=@env:THE_TOKEN"});
   EXPECT_EQ(edited.exit_code, 0) << edited.out << edited.err;
   EXPECT_EQ(console_.run({"integration", "check", kName}).exit_code, 0);
}

TEST_F(Tampering, a_secret_is_not_handed_to_another_plugin) {
   console_.enable_autotask();
   tamper("UPDATE integrations SET platform = 'autotask'; UPDATE settings SET field = 'password' WHERE field = 'pat'");
   const std::size_t before = simulator_.journal().size();
   EXPECT_EQ(console_.run({"integration", "check", kName}).exit_code, 10);
   EXPECT_EQ(simulator_.journal().size(), before) << "nothing may be sent";
}

}  // namespace
