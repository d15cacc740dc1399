// What an administrator is told of a publisher's signature, at the first approval and at an update.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console_program.hpp"
#include "tests/core/signer.hpp"

using namespace msp::console::test;
using test_support::ProcessResult;
using testing::HasSubstr;
using testing::Not;

namespace {

class SignedPlugins : public testing::Test {
 protected:
   SignedPlugins() {
      std::filesystem::create_directory(directory_);
      console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = directory_.string();
   }
   // `build` makes it another file.
   void drop(const Signer* signer, const std::string& build, bool changed = false) {
      std::string bytes = test_support::read_file(MSP_PLUGIN_DIRECTORY "/" MSP_AUTOTASK_FILE) + build;
      if (signer != nullptr) bytes = signer->sign(std::move(bytes));
      if (changed) bytes[bytes.size() - 200] ^= 1;
      test_support::write_file(directory_ / MSP_AUTOTASK_FILE, bytes);
   }
   ProcessResult enable() { return console_.run({"plugin", "enable", "autotask", "--yes"}); }

   ConsoleProgram console_;
   const std::filesystem::path directory_ = console_.directory() / "plugins";
   const Signer signer_;
   const Signer another_;
};

TEST_F(SignedPlugins, the_key_is_shown_and_an_update_says_whether_it_is_the_same) {
   drop(&signer_, "1");
   const ProcessResult first = enable();
   EXPECT_EQ(first.exit_code, 0) << first.out << first.err;
   EXPECT_THAT(first.out, HasSubstr("Publisher's key"));
   EXPECT_EQ(document(console_.run({"plugin", "show", "autotask", "--json"}))["publisher_genuine"].GetBool(), true);

   drop(&signer_, "2");
   const ProcessResult same = enable();
   EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
   EXPECT_THAT(same.out, HasSubstr("Same publisher, key "));

   drop(&another_, "3");
   EXPECT_THAT(console_.run({"plugin", "show", "autotask"}).out, HasSubstr("Another publisher: key "));
   drop(nullptr, "4");
   const auto shown = document(console_.run({"plugin", "show", "autotask", "--json"}));
   EXPECT_THAT(shown["changes"][0]["text"].GetString(), HasSubstr("No longer signed by its publisher"));
   EXPECT_TRUE(shown["changes"][0]["alarming"].GetBool());
   EXPECT_TRUE(shown["publisher_key"].IsNull());
   EXPECT_EQ(enable().exit_code, 0) << "the administrator decides";
}

TEST_F(SignedPlugins, a_file_that_was_changed_after_it_was_signed_is_not_enabled) {
   drop(&signer_, std::string(500, ' '), true);
   EXPECT_FALSE(document(console_.run({"plugin", "show", "autotask", "--json"}))["publisher_genuine"].GetBool());
   const ProcessResult refused = enable();
   EXPECT_EQ(refused.exit_code, 9) << refused.out << refused.err;
   EXPECT_THAT(refused.err, HasSubstr("was changed after its publisher"));
   EXPECT_THAT(console_.run({"plugin", "list"}).out, Not(HasSubstr("enabled")));
}

TEST_F(SignedPlugins, whoever_uses_a_plugin_is_told_that_its_file_is_another_one_by_now) {
   drop(nullptr, "1");
   ASSERT_EQ(enable().exit_code, 0);
   msp::sim::AutotaskSimulator simulator;
   console_.use(simulator);
   console_.sign_in_as(kGoodUser, kGoodSecret);
   const std::vector<std::string> use = console_.add_arguments({"--no-save"});
   const std::string told = "another one than the approved one";
   EXPECT_THAT(console_.run(use).err, Not(HasSubstr(told)));
   drop(nullptr, "2");
   EXPECT_THAT(flat(console_.run(use).err), HasSubstr(told));
   EXPECT_THAT(flat(console_.run({"integration", "check", "--all"}).err), Not(HasSubstr(told))) << "nothing uses it";
   ASSERT_EQ(enable().exit_code, 0);
   EXPECT_THAT(flat(console_.run(use).err), Not(HasSubstr(told)));
}

TEST_F(SignedPlugins, one_without_a_signature_is_enabled_as_before_and_none_is_claimed) {
   drop(nullptr, "");
   const ProcessResult enabled = enable();
   EXPECT_EQ(enabled.exit_code, 0) << enabled.out << enabled.err;
   EXPECT_THAT(enabled.out, Not(HasSubstr("Publisher")));
}

}  // namespace
