// `secrets status` and `secrets rotate` as people and scripts use them.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "console_program.hpp"
#include "tests/store/plain_sqlite.hpp"

using namespace msp;
using namespace msp::console::test;
using test_support::ProcessResult;

namespace {

constexpr const char* kName = "Integration with Autotask";

class SecretsCommands : public testing::Test {
 protected:
   void SetUp() override {
      console_.use(simulator_);
      console_.enable_autotask();
      console_.sign_in_as(kGoodUser, kGoodSecret);
   }

   void add() {
      const ProcessResult added = console_.run(console_.add_arguments());
      ASSERT_EQ(added.exit_code, 0) << added.out << added.err;
   }

   [[nodiscard]] std::filesystem::path key_file() const { return console_.data_dir() / "key-encryption.key"; }

   sim::AutotaskSimulator simulator_;
   ConsoleProgram console_;
};

TEST_F(SecretsCommands, before_the_first_plugin_is_enabled_there_is_no_key_and_nothing_wrong) {
   for (const bool enabled : {false, true}) {
      const ConsoleProgram fresh;
      if (enabled) fresh.enable_autotask();  // the key proves that nobody else did
      const ProcessResult plain = fresh.run({"secrets", "status"});
      EXPECT_EQ(plain.exit_code, 0) << plain.err;
      EXPECT_NE(plain.out.find("No secret is saved yet"), std::string::npos) << plain.out;
      const auto status = document(fresh.run({"secrets", "status", "--json"}));
      EXPECT_EQ(status["key"].IsNull(), !enabled);
      EXPECT_EQ(status["secrets"].GetInt(), 0);
   }
}

TEST_F(SecretsCommands, a_rotation_keeps_the_integration_working) {
   add();
   const auto before = document(console_.run({"secrets", "status", "--json"}));
   EXPECT_STREQ(before["key"]["source"].GetString(), "file");
   EXPECT_EQ(before["key"]["path"].GetString(), key_file().string());
   EXPECT_EQ(before["secrets"].GetInt(), 2);
   EXPECT_EQ(before["unreadable"].GetInt(), 0);
   EXPECT_FALSE(before["rotation_interrupted"].GetBool());

   const ProcessResult rotated = console_.run({"secrets", "rotate"});
   EXPECT_EQ(rotated.exit_code, 0) << rotated.err;
   EXPECT_NE(rotated.out.find("Rotated: 2 secrets are sealed with the new keys"), std::string::npos) << rotated.out;
   const auto again = document(console_.run({"secrets", "rotate", "--json"}));
   EXPECT_EQ(again["rotation"]["resealed"].GetInt(), 2);
   EXPECT_TRUE(again["rotation"]["new_key_encryption_key"].GetBool());
   EXPECT_EQ(again["data_keys"].GetInt(), 1);
   EXPECT_STRNE(again["key"]["fingerprint"].GetString(), before["key"]["fingerprint"].GetString());
   EXPECT_EQ(console_.run({"integration", "check", kName}).exit_code, 0);
}

TEST_F(SecretsCommands, status_counts_what_does_not_open_and_says_so_with_its_exit_code) {
   add();
   run_sql(console_.data_dir() / "console.db", "UPDATE settings SET sealed = x'00' WHERE field = 'password'");
   const ProcessResult plain = console_.run({"secrets", "status"});
   EXPECT_EQ(plain.exit_code, 10);
   EXPECT_NE(plain.out.find("1 of 2 secrets does not open"), std::string::npos) << plain.out;
   const ProcessResult rotated = console_.run({"secrets", "rotate", "--json"});
   EXPECT_EQ(rotated.exit_code, 0) << rotated.out << rotated.err;
   EXPECT_EQ(document(rotated)["unreadable"].GetInt(), 1);
   EXPECT_EQ(document(rotated)["rotation"]["resealed"].GetInt(), 1);
}

TEST_F(SecretsCommands, without_the_key_both_say_what_to_put_back) {
   add();
   std::filesystem::remove(key_file());
   const ProcessResult status = console_.run({"secrets", "status", "--json"});
   EXPECT_EQ(status.exit_code, 10);
   EXPECT_EQ(document(status)["unreadable"].GetInt(), 2);
   const ProcessResult rotated = console_.run({"secrets", "rotate", "--json"});
   EXPECT_EQ(rotated.exit_code, 10);
   EXPECT_NE(rotated.out.find("Put back the key file"), std::string::npos) << rotated.out;
   // The list is there all the same.
   const ProcessResult listed = console_.run({"integration", "list", "--json"});
   EXPECT_EQ(listed.exit_code, 0);
   EXPECT_STREQ(document(listed)["integrations"][0]["state"].GetString(), "needs_attention");
}

TEST_F(SecretsCommands, a_key_that_others_may_read_is_not_used) {
   add();
   ASSERT_EQ(::chmod(key_file().c_str(), 0604), 0);
   const ProcessResult status = console_.run({"secrets", "status"});
   EXPECT_EQ(status.exit_code, 10);
   EXPECT_NE(status.out.find("Other users may read the key file"), std::string::npos) << status.out;
   EXPECT_EQ(console_.run({"secrets", "rotate"}).exit_code, 10);
   EXPECT_EQ(console_.run({"integration", "check", kName}).exit_code, 10);
}

TEST_F(SecretsCommands, a_rotation_that_was_interrupted_is_told_and_finished) {
   add();
   test_support::write_file(key_file().string() + ".next", std::string(64, 'c') + "\n");
   ASSERT_EQ(::chmod((key_file().string() + ".next").c_str(), 0600), 0);
   const ProcessResult status = console_.run({"secrets", "status"});
   EXPECT_EQ(status.exit_code, 0) << status.out;
   EXPECT_NE(status.out.find("A rotation of the keys was interrupted; nothing is lost."), std::string::npos)
       << status.out;
   EXPECT_EQ(console_.run({"secrets", "rotate"}).exit_code, 0);
   EXPECT_FALSE(document(console_.run({"secrets", "status", "--json"}))["rotation_interrupted"].GetBool());
   EXPECT_EQ(console_.run({"integration", "check", kName}).exit_code, 0);
}

}  // namespace
