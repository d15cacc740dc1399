// A device code: the person signs in elsewhere, and the plugin, in plain C, asks meanwhile.
#include <gmock/gmock.h>

#include "at_terminal.hpp"
#include "browser_desk.hpp"

namespace msp::test {
namespace {

using testing::HasSubstr;

// Answers the questions for the token one after the other, and gives tokens when it has no more answers.
class ExampleDesk {
 public:
   std::vector<std::string> errors;
   std::string interval = "0";
   std::set<std::string> refresh_tokens;
   std::size_t asked = 0;
   int tokens = 0;
   Platform platform{{"login.example.com", "api.example.com"},
                     [this](const sim::Request& request) { return answer(request); }};

 private:
   sim::Reply answer(const sim::Request& request) {
      if (request.host() == "api.example.com")
         return sim::Reply::json(R"({"sub":"ada@harbour.example","tenant":{"id":"7d1c"}})");
      if (request.path == "/device_authorization")
         return sim::Reply::json(R"({"device_code":"the-device-code","user_code":"WDJB-MJHT","expires_in":600,)"
                                 R"("verification_uri":"https://login.example.com/device","interval":)" +
                                 interval + "}");
      if (parameter(request.body, "grant_type") == "refresh_token") {
         if (refresh_tokens.erase(parameter(request.body, "refresh_token")) == 0)
            return sim::Reply::json(R"({"error":"invalid_grant"})", 400);
      } else {
         EXPECT_EQ(parameter(request.body, "device_code"), "the-device-code");
         if (asked < errors.size()) return sim::Reply::json(R"({"error":")" + errors[asked++] + "\"}", 400);
      }
      const std::string number = std::to_string(++tokens);
      refresh_tokens.insert("refresh-" + number);
      return sim::Reply::json(R"({"access_token":"access-)" + number + R"(","refresh_token":"refresh-)" + number +
                              "\"}");
   }
};

class Screen : public host::Browser {
 public:
   host::Result<std::string> redirect_uri() override { return host::Finding{"host.internal", "Not asked for.", ""}; }
   std::optional<host::SecretBytes> wait_for_return(const Visit&, Clock::time_point, const std::stop_token&) override {
      return std::nullopt;
   }
   void show_code(const Visit& visit) override { shown.push_back(visit.url + " " + visit.user_code); }
   std::vector<std::string> shown;
};

host::CheckReport check(const Family& plugin, std::shared_ptr<Screen> screen, std::stop_token cancel = {}) {
   host::CheckOptions options;
   options.browser = std::move(screen);
   options.cancel = std::move(cancel);
   return plugin.check({{"client_id", "console-public"}}, {}, options);
}

TEST(DeviceCode, is_shown_once_and_asked_for_until_somebody_has_entered_it) {
   ExampleDesk desk;
   desk.platform.change([&] {
      desk.errors = {"authorization_pending", "authorization_pending", "authorization_pending"};
   });
   const Family plugin("device_code", desk.platform);
   const auto screen = std::make_shared<Screen>();
   const auto report = check(plugin, screen);
   ASSERT_EQ(report.outcome, host::Outcome::accepted) << told(report);
   EXPECT_THAT(screen->shown, testing::ElementsAre("https://login.example.com/device WDJB-MJHT"));
   EXPECT_EQ(report.kept.at("refresh_token").view(), "refresh-1");
   EXPECT_EQ(report.session->headers.at(0).second.view(), "Bearer access-1");
}

TEST(DeviceCode, whatever_the_platform_says_instead_ends_the_questions) {
   const struct {
      std::string error;
      host::Outcome outcome;
      std::string code;
   } cases[] = {{"access_denied", host::Outcome::refused, "auth.rejected"},
                {"expired_token", host::Outcome::timed_out, "host.deadline"},
                {"invalid_client", host::Outcome::unavailable, "platform.unexpected_response"}};
   for (const auto& each : cases) {
      ExampleDesk desk;
      desk.platform.change([&] { desk.errors = {"authorization_pending", each.error, "authorization_pending"}; });
      const Family plugin("device_code", desk.platform);
      const auto report = check(plugin, std::make_shared<Screen>());
      EXPECT_EQ(report.outcome, each.outcome) << told(report);
      EXPECT_EQ(first_error(report).code, each.code);
      EXPECT_EQ(desk.asked, 2u);
   }
}

TEST(DeviceCode, nobody_there_is_told_before_anybody_is_asked_for_a_token) {
   ExampleDesk desk;
   const Family plugin("device_code", desk.platform);
   const auto report = check(plugin, nullptr);
   EXPECT_EQ(report.outcome, host::Outcome::refused);
   EXPECT_EQ(first_error(report).code, "auth.interaction_required");
   EXPECT_EQ(desk.tokens, 0);
}

TEST(DeviceCode, a_cancel_ends_the_wait_between_two_questions) {
   ExampleDesk desk;
   desk.platform.change([&] { desk.interval = "600"; });
   const Family plugin("device_code", desk.platform);
   class Cancelling : public Screen {
    public:
      void show_code(const Visit&) override { source.request_stop(); }
      std::stop_source source;
   };
   const auto screen = std::make_shared<Cancelling>();
   const auto report = check(plugin, screen, screen->source.get_token());
   EXPECT_EQ(report.outcome, host::Outcome::cancelled) << told(report);
}

TEST(DeviceCode, a_terminal_shows_address_and_code_and_the_integration_is_saved) {
   ExampleDesk desk;
   desk.platform.change([&] { desk.errors = {"authorization_pending"}; });
   FamilyConsole console("device_code", desk.platform);
   AtTerminal person(console.setup({"integration", "add", "--platform", "device_code", "--name", "Desk"}));
   ASSERT_TRUE(person.sees("WDJB-MJHT")) << person.screen();
   EXPECT_THAT(person.screen(), HasSubstr("https://login.example.com/device"));
   EXPECT_EQ(person.wait(), 0) << person.screen();
   EXPECT_EQ(console.run({"integration", "check", "Desk"}).exit_code, 0);
   EXPECT_EQ(console.run({"integration", "request", "Desk", "GET", "tickets"}).exit_code, 0);
   EXPECT_EQ(desk.platform.look([&] { return desk.refresh_tokens.size(); }), 1u);
}

}  // namespace
}  // namespace msp::test
