// A service that never says whose key it is: two companies differ by their keys only, and a key may change.
#include <gmock/gmock.h>

#include <set>

#include "family.hpp"

namespace msp::test {
namespace {

using console::test::document;
using testing::ElementsAre;
using testing::HasSubstr;

// Answers every good key alike.
class ExampleDocs {
 public:
   std::set<std::string> keys = {"key-of-acme-1", "key-of-bolt-1"};
   bool shows_passwords = true;
   Platform platform{{"docs.example.com"}, [this](const sim::Request& request) { return answer(request); }};

 private:
   sim::Reply answer(const sim::Request& request) const {
      if (!keys.contains(request.header("X-Api-Key").value_or(""))) return sim::Reply::json("{}", 401);
      if (request.path == "/api/passwords" && !shows_passwords) return sim::Reply::json("{}", 403);
      return sim::Reply::json(R"({"data":[]})");
   }
};

TEST(NoWhoAmI, the_field_that_the_manifest_marks_stands_for_the_account) {
   ExampleDocs docs;
   const Family plugin("no_who_am_i", docs.platform);
   const auto report = plugin.check({{"company", "Acme"}}, {{"api_key", "key-of-acme-1"}});
   ASSERT_EQ(report.outcome, host::Outcome::accepted) << told(report);
   EXPECT_EQ(report.identity->account, "company: Acme");
   EXPECT_EQ(report.identity->principal, "API key");
   EXPECT_THAT(docs.platform.asked(),
               ElementsAre("GET docs.example.com/api/organizations", "GET docs.example.com/api/passwords"));
}

TEST(NoWhoAmI, another_key_is_the_same_account_and_another_company_is_not) {
   ExampleDocs docs;
   const Family plugin("no_who_am_i", docs.platform);
   const auto account = [&](const char* company, const char* key) {
      return plugin.check({{"company", company}}, {{"api_key", key}}).identity->account;
   };
   EXPECT_EQ(account("Acme", "key-of-acme-1"), account("Acme", "key-of-bolt-1"));
   EXPECT_NE(account("Acme", "key-of-acme-1"), account("Bolt", "key-of-bolt-1"));
}

TEST(NoWhoAmI, a_key_that_is_refused_is_told_at_the_key) {
   ExampleDocs docs;
   const Family plugin("no_who_am_i", docs.platform);
   const auto report = plugin.check({{"company", "Acme"}}, {{"api_key", "key-of-nobody"}});
   EXPECT_EQ(report.outcome, host::Outcome::refused);
   EXPECT_EQ(first_error(report).field, "api_key");
   EXPECT_EQ(docs.platform.asked().size(), 1U);
}

TEST(NoWhoAmI, a_right_is_probed_by_reading) {
   ExampleDocs docs;
   docs.platform.change([&] { docs.shows_passwords = false; });
   const auto report =
       Family("no_who_am_i", docs.platform).check({{"company", "Acme"}}, {{"api_key", "key-of-acme-1"}});
   EXPECT_EQ(report.outcome, host::Outcome::accepted) << "the right is optional";
   EXPECT_EQ(find_grant(report, "passwords.read")->granted, host::Granted::none);
   EXPECT_EQ(find_grant(report, "passwords.read")->how, host::How::probed);
}

TEST(NoWhoAmI, on_the_command_line_two_companies_stay_two_and_a_new_key_is_no_other_account) {
   ExampleDocs docs;
   FamilyConsole console("no_who_am_i", docs.platform);
   const auto add = [&](const char* name, const char* company, const char* key) {
      return console.add({{"company", company}}, {{"api_key", key}}, {"--name", name});
   };
   EXPECT_EQ(add("Docs of Acme", "Acme", "=key-of-acme-1").exit_code, 0);
   EXPECT_EQ(add("Docs of Bolt", "Bolt", "=key-of-bolt-1").exit_code, 0);
   const auto twice = add("Docs once more", "Acme", "=key-of-bolt-1");
   EXPECT_EQ(twice.exit_code, 7) << twice.out;
   EXPECT_STREQ(document(twice)["findings"][0]["code"].GetString(), "account.already_connected");

   // The platform's administrator makes another key and withdraws the old one.
   docs.platform.change([&] { docs.keys = {"key-of-acme-2", "key-of-bolt-1"}; });
   EXPECT_EQ(console.run({"integration", "check", "Docs of Acme"}).exit_code, 4);
   const auto rotated = console.edit("Docs of Acme", {}, {{"api_key", "=key-of-acme-2"}});
   EXPECT_EQ(rotated.exit_code, 0) << rotated.out << rotated.err;
   EXPECT_TRUE(document(rotated)["integration"]["saved"].GetBool());
   EXPECT_EQ(console.run({"integration", "check", "Docs of Acme"}).exit_code, 0);
   const auto listed = console.run({"integration", "list", "--json"});
   EXPECT_THAT(listed.out, HasSubstr("\"company: Acme\""));
   EXPECT_THAT(listed.out, HasSubstr("\"company: Bolt\""));
}

TEST(NoWhoAmI, on_the_command_line_a_saved_key_does_not_follow_to_another_company) {
   ExampleDocs docs;
   FamilyConsole console("no_who_am_i", docs.platform);
   ASSERT_EQ(console.add({{"company", "Acme"}}, {{"api_key", "=key-of-acme-1"}}, {"--name", "Docs"}).exit_code, 0);
   const auto before = docs.platform.asked().size();
   const auto moved = console.edit("Docs", {{"company", "Bolt"}}, {});
   EXPECT_NE(moved.exit_code, 0);
   EXPECT_EQ(docs.platform.asked().size(), before);
   EXPECT_EQ(console.edit("Docs", {{"company", "Bolt"}}, {{"api_key", "=key-of-bolt-1"}}).exit_code, 0);
   EXPECT_THAT(console.run({"integration", "list", "--json"}).out, HasSubstr("\"company: Bolt\""));
}

}  // namespace
}  // namespace msp::test
