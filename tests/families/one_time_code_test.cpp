// A code that an authenticator shows now: asked for once, and never stored.
#include <gmock/gmock.h>

#include "browser_desk.hpp"

namespace msp::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// Takes the code once, and its own token from then on.
class ExampleDesk {
 public:
   std::string code = "123456";
   std::string device = "device-of-the-console";
   std::vector<std::string> forms;
   Platform platform{{"api.example.com"}, [this](const sim::Request& request) { return answer(request); }};

 private:
   sim::Reply answer(const sim::Request& request) {
      if (request.path != "/v1/sign-in") return sim::Reply::json("{}");
      forms.push_back(request.body);
      const bool by_code = !code.empty() && parameter(request.body, "code") == std::exchange(code, "");
      if (!by_code && parameter(request.body, "device_token") != device) return sim::Reply::json("{}", 401);
      return sim::Reply::json(R"({"token":"session-token","tenant":"7d1c","device_token":")" + device + "\"}");
   }
};

TEST(OneTimeCode, is_handed_to_the_check_it_was_typed_for_and_stored_nowhere) {
   ExampleDesk desk;
   FamilyConsole console("one_time_code", desk.platform);
   const Values values{{"user_name", "ada"}, {"code", "123456"}};
   const auto added = console.add(values, {{"password", "=Throw$away,1"}}, {"--name", "Desk"});
   ASSERT_EQ(added.exit_code, 0) << added.out << added.err;
   const auto last_form = [&] { return desk.platform.look([&] { return desk.forms.back(); }); };
   EXPECT_THAT(last_form(), HasSubstr("code=123456"));
   for (const auto& command : {std::vector<std::string>{"integration", "check", "Desk"},
                               {"integration", "check", "--all"},
                               {"integration", "request", "Desk", "GET", "tickets"}}) {
      const auto result = console.run(command);
      EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
      EXPECT_THAT(last_form(), Not(HasSubstr("code=")));
      EXPECT_THAT(last_form(), HasSubstr("device_token=" + desk.device));
   }
   const auto shown = console.run({"integration", "show", "Desk", "--json"});
   EXPECT_THAT(shown.out, Not(HasSubstr("123456")));
   EXPECT_THAT(shown.out, Not(HasSubstr("\"code\"")));
}

TEST(OneTimeCode, is_asked_for_again_by_an_edit) {
   ExampleDesk desk;
   FamilyConsole console("one_time_code", desk.platform);
   ASSERT_EQ(
       console.add({{"user_name", "ada"}, {"code", "123456"}}, {{"password", "=Throw$away,1"}}, {"--name", "Desk"})
           .exit_code,
       0);
   const auto edited = console.edit("Desk", {}, {{"password", "=Throw$away,2"}});
   EXPECT_EQ(edited.exit_code, 2) << edited.out;
   EXPECT_THAT(edited.out + edited.err, HasSubstr("Code"));
   desk.platform.change([&] { desk.code = "654321"; });
   EXPECT_EQ(console.edit("Desk", {{"code", "654321"}}, {{"password", "=Throw$away,2"}}).exit_code, 0);
   EXPECT_EQ(console.run({"integration", "check", "Desk"}).exit_code, 0);
}

TEST(OneTimeCode, a_new_integration_is_not_made_without_it) {
   ExampleDesk desk;
   const Family plugin("one_time_code", desk.platform);
   const auto report = plugin.check({{"user_name", "ada"}}, {{"password", "Throw$away,1"}});
   EXPECT_EQ(report.outcome, host::Outcome::invalid_settings);
   EXPECT_EQ(first_error(report).field, "code");
   EXPECT_TRUE(desk.forms.empty());
}

}  // namespace
}  // namespace msp::test
