// An update of a plugin that gives its fields other names, under integrations that were saved before.
#include <gmock/gmock.h>

#include "family.hpp"

namespace msp::test {
namespace {

using console::test::ConsoleProgram;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kKey = "key-of-acme-1";

class RenamedFieldsCommandLine : public testing::Test {
 protected:
   RenamedFieldsCommandLine() {
      std::filesystem::create_directory(drop_);
      std::filesystem::permissions(drop_, std::filesystem::perms::owner_all);
      console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = drop_.string();
      console_.environment["KEY"] = kKey;
      console_.use(platform_.simulator());
      serve(std::filesystem::path(FAMILIES) / (std::string("no_who_am_i") + SUFFIX));
      EXPECT_EQ(run({"integration", "add", "--platform", "no_who_am_i", "--name", "Docs", "--set", "company=Acme",
                     "--secret", "api_key=@env:KEY", "--no-input"})
                    .exit_code,
                0);
   }

   void serve(const std::filesystem::path& plugin) {
      const auto file = drop_ / (std::string("no_who_am_i") + SUFFIX);
      std::filesystem::copy_file(plugin, file, std::filesystem::copy_options::overwrite_existing);
      std::filesystem::permissions(file, std::filesystem::perms::owner_all);
      EXPECT_EQ(run({"plugin", "enable", "no_who_am_i", "--yes"}).exit_code, 0);
   }

   test_support::ProcessResult run(std::vector<std::string> arguments) { return console_.run(std::move(arguments)); }
   std::string shown() { return run({"integration", "show", "Docs", "--json"}).out; }

   Platform platform_{{"docs.example.com"}, [](const sim::Request& request) {
                         const bool known = request.header("X-Api-Key") == kKey;
                         return sim::Reply::json(R"({"data":[]})", known ? 200 : 401);
                      }};
   ConsoleProgram console_;
   std::filesystem::path drop_ = console_.directory() / "plugins";
};

TEST_F(RenamedFieldsCommandLine, what_was_saved_is_taken_over_by_the_update_and_nothing_is_typed_again) {
   serve(RENAMING);
   const auto checked = run({"integration", "check", "Docs"});
   EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
   EXPECT_EQ(run({"integration", "check", "--all"}).exit_code, 0);
   EXPECT_EQ(run({"integration", "request", "Docs", "GET", "documents"}).exit_code, 0);
   const std::string text = shown();
   EXPECT_THAT(text, AllOf(HasSubstr("\"field\": \"organization\""), HasSubstr("\"field\": \"access_key\"")));
   EXPECT_THAT(text, Not(HasSubstr("\"field\": \"api_key\"")));
   for (const std::string& told : {text, checked.out, checked.err}) EXPECT_THAT(told, Not(HasSubstr(kKey)));
}

TEST_F(RenamedFieldsCommandLine, the_former_version_still_serves_until_something_is_edited) {
   serve(RENAMING);
   EXPECT_EQ(run({"integration", "check", "Docs"}).exit_code, 0);
   serve(std::filesystem::path(FAMILIES) / (std::string("no_who_am_i") + SUFFIX));
   EXPECT_EQ(run({"integration", "check", "Docs"}).exit_code, 0);
}

TEST_F(RenamedFieldsCommandLine, an_edit_saves_all_under_the_present_names_and_the_saved_secret_serves) {
   serve(RENAMING);
   const auto edited = run({"integration", "edit", "Docs", "--set", "organization=Acme", "--no-input"});
   EXPECT_EQ(edited.exit_code, 0) << edited.out << edited.err;
   EXPECT_EQ(run({"integration", "check", "Docs"}).exit_code, 0);
   const auto moved = run({"integration", "edit", "Docs", "--set", "organization=Bolt", "--no-input"});
   EXPECT_EQ(moved.exit_code, 2) << "another account: " << moved.out << moved.err;
   EXPECT_THAT(moved.err, HasSubstr("--secret access_key=SOURCE"));
}

}  // namespace
}  // namespace msp::test
