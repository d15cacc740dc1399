// A person who signs in in a browser, and a refresh token that changes at each use.
#include <gmock/gmock.h>

#include "browser_desk.hpp"
#include "msp/host/browser.hpp"
#include "msp/host/kept_secrets.hpp"

namespace msp::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A person who does as the test says.
class Person : public host::Browser {
 public:
   explicit Person(std::string comes_back_with) : comes_back_with_(std::move(comes_back_with)) {}

   host::Result<std::string> redirect_uri() override { return std::string("http://127.0.0.1:8480/callback"); }
   std::optional<host::SecretBytes> wait_for_return(const Visit& visit, Clock::time_point,
                                                    const std::stop_token&) override {
      visits.push_back(visit);
      if (comes_back_with_.empty()) return std::nullopt;
      return host::SecretBytes(comes_back_with_ + "&state=" + visit.state);
   }
   void show_code(const Visit& visit) override { visits.push_back(visit); }

   std::vector<Visit> visits;

 private:
   const std::string comes_back_with_;
};

constexpr const char* kGood = "code=the-code-of-ada&iss=https%3A%2F%2Flogin.example.com";

// What the plugin kept, in memory, with whatever the test wants to go wrong.
class Kept : public host::KeptSecrets {
 public:
   struct State {
      Values values;
      int turns = 0;
      bool is_full = false;
   };
   std::shared_ptr<State> state = std::make_shared<State>();

   host::Result<std::unique_ptr<Turn>> take_turn(Clock::time_point, const std::stop_token&) override {
      ++state->turns;
      return std::unique_ptr<Turn>(std::make_unique<OneTurn>(state));
   }

 private:
   class OneTurn : public Turn {
    public:
      explicit OneTurn(std::shared_ptr<State> of) : state_(std::move(of)) {}
      host::Result<Values> read() override {
         Values values;
         for (const auto& [field, value] : state_->values) values.emplace(field, value.copy());
         return values;
      }
      host::Result<void> keep(const std::string& field, const host::SecretBytes& value) override {
         if (state_->is_full) return host::Finding{"host.storage", "The disk is full.", "Make room."};
         state_->values.insert_or_assign(field, value.copy());
         return {};
      }

    private:
      std::shared_ptr<State> state_;
   };
};

host::CheckReport check(const Family& plugin, std::shared_ptr<Person> person,
                        std::shared_ptr<host::KeptSecrets> kept = nullptr) {
   host::CheckOptions options;
   options.browser = std::move(person);
   options.kept = std::move(kept);
   return plugin.check({{"client_id", "console-public"}}, {}, options);
}

TEST(BrowserSignIn, a_person_signs_in_once_and_what_the_plugin_keeps_is_handed_over) {
   BrowserDesk desk;
   const Family plugin("browser_sign_in", desk.platform);
   const auto person = std::make_shared<Person>(kGood);
   const auto report = check(plugin, person);
   ASSERT_EQ(report.outcome, host::Outcome::accepted) << told(report);
   EXPECT_EQ(report.identity->account, "7d1c");
   EXPECT_EQ(report.identity->principal, "ada@harbour.example");
   EXPECT_EQ(report.session->headers.at(0).second.view(), "Bearer access-1");
   ASSERT_EQ(report.kept.size(), 1U);
   EXPECT_EQ(report.kept.at("refresh_token").view(), "refresh-1");
   ASSERT_EQ(person->visits.size(), 1U);
   const auto& visit = person->visits.front();
   EXPECT_EQ(visit.host, "login.example.com");
   EXPECT_EQ(visit.state.size(), 64U);
   EXPECT_THAT(visit.url, HasSubstr("https://login.example.com/authorize?"));
   EXPECT_THAT(visit.url, HasSubstr("code_challenge_method=S256"));
   EXPECT_THAT(visit.url, HasSubstr("redirect_uri=http%3A%2F%2F127.0.0.1%3A8480%2Fcallback"));
   EXPECT_THAT(visit.url, HasSubstr("&state=" + visit.state));
   EXPECT_THAT(desk.platform.asked(), ElementsAre("POST login.example.com/token", "GET api.example.com/api/v1/me",
                                                  "GET api.example.com/api/v1/me"))
       << "the last one is the session's probe";
}

TEST(BrowserSignIn, nobody_there_is_told_and_nothing_is_asked) {
   BrowserDesk desk;
   const Family plugin("browser_sign_in", desk.platform);
   const auto report = check(plugin, nullptr);
   EXPECT_EQ(report.outcome, host::Outcome::refused);
   EXPECT_EQ(first_error(report).code, "auth.interaction_required");
   EXPECT_EQ(
       first_error(report).summary,
       plugin.manifest().name + " needs msp.browser/1: a person has to sign in there, and nobody is here to be asked.");
   EXPECT_TRUE(host::refuses_credentials(report));
   EXPECT_THAT(desk.platform.asked(), IsEmpty());
}

TEST(BrowserSignIn, whatever_else_comes_back_is_told_apart) {
   const struct {
      std::string query;
      host::Outcome outcome;
      std::string code;
   } cases[] = {
       {"", host::Outcome::timed_out, "host.deadline"},
       {"error=access_denied&iss=https%3A%2F%2Flogin.example.com", host::Outcome::refused, "auth.rejected"},
       {"code=the-code-of-ada&iss=https%3A%2F%2Fanother.example.com", host::Outcome::refused, "auth.unclear"},
       {"code=the-code-of-ada", host::Outcome::refused, "auth.unclear"},
       {"code=of-somebody-else&iss=https%3A%2F%2Flogin.example.com", host::Outcome::refused, "auth.expired"},
       {"iss=https%3A%2F%2Flogin.example.com", host::Outcome::unavailable, "platform.unexpected_response"},
   };
   for (const auto& each : cases) {
      BrowserDesk desk;
      const Family plugin("browser_sign_in", desk.platform);
      const auto report = check(plugin, std::make_shared<Person>(each.query));
      EXPECT_EQ(report.outcome, each.outcome) << each.query << "\n" << told(report);
      EXPECT_EQ(first_error(report).code, each.code) << each.query << "\n" << told(report);
      EXPECT_TRUE(report.kept.empty());
   }
}

TEST(BrowserSignIn, what_is_kept_signs_in_without_anybody_and_each_token_is_spent_once) {
   BrowserDesk desk;
   const Family plugin("browser_sign_in", desk.platform);
   auto kept = std::make_shared<Kept>();
   kept->state->values = std::move(check(plugin, std::make_shared<Person>(kGood)).kept);
   for (int round = 0; round < 3; ++round) {
      const auto report = check(plugin, nullptr, kept);
      ASSERT_EQ(report.outcome, host::Outcome::accepted) << told(report);
      EXPECT_TRUE(report.kept.empty());
   }
   EXPECT_EQ(kept->state->values.at("refresh_token").view(), "refresh-4");
   EXPECT_EQ(kept->state->turns, 3);

   host::IntegrationOptions options;
   options.kept = kept;
   const auto integration = plugin.integration({{"client_id", "console-public"}}, {}, options);
   EXPECT_EQ(get(*integration, "tickets").status, 200);
   EXPECT_EQ(integration->check().outcome, host::Outcome::accepted);
   EXPECT_EQ(get(*integration, "tickets").status, 200);
   EXPECT_EQ(kept->state->values.at("refresh_token").view(), "refresh-6");
   EXPECT_EQ(desk.spent_twice, 0);
}

TEST(BrowserSignIn, a_sign_in_that_the_platform_took_back_needs_a_person_again) {
   BrowserDesk desk;
   const Family plugin("browser_sign_in", desk.platform);
   auto kept = std::make_shared<Kept>();
   kept->state->values.emplace("refresh_token", host::SecretBytes("refresh-of-last-year"));
   const auto report = check(plugin, nullptr, kept);
   EXPECT_EQ(report.outcome, host::Outcome::refused);
   EXPECT_EQ(first_error(report).code, "auth.expired");
   EXPECT_EQ(kept->state->values.at("refresh_token").view(), "refresh-of-last-year");
}

TEST(BrowserSignIn, a_token_that_cannot_be_kept_fails_the_check_and_the_plugin_is_not_blamed) {
   BrowserDesk desk;
   const Family plugin("browser_sign_in", desk.platform);
   auto kept = std::make_shared<Kept>();
   kept->state->values = std::move(check(plugin, std::make_shared<Person>(kGood)).kept);
   kept->state->is_full = true;
   const auto report = check(plugin, nullptr, kept);
   EXPECT_EQ(report.outcome, host::Outcome::failed);
   EXPECT_EQ(first_error(report).code, "host.storage") << told(report);
   EXPECT_EQ(report.findings.size(), 1U) << told(report);
   EXPECT_FALSE(host::refuses_credentials(report));
}

}  // namespace
}  // namespace msp::test
