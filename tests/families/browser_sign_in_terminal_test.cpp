// A person at a terminal who signs in in a browser.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "at_terminal.hpp"
#include "browser_desk.hpp"
#include "store/store.hpp"
#include "tests/web/web_client.hpp"

namespace msp::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> adding(std::vector<std::string> more = {}) {
   std::vector<std::string> command{"integration", "add", "--platform", "browser_sign_in", "--name", "Desk"};
   command.insert(command.end(), more.begin(), more.end());
   return command;
}

// What the platform sends the browser to, in answer to the address that the console printed.
std::string returning(const std::string& printed, const std::string& with = "code=the-code-of-ada") {
   const std::string query = printed.substr(printed.find('?') + 1);
   return parameter(query, "redirect_uri") + "?" + with +
          "&iss=https%3A%2F%2Flogin.example.com&state=" + parameter(query, "state");
}

// The browser opens an address on this machine; the whole answer.
std::string browse(const std::string& address) {
   constexpr std::string_view kBefore = "http://127.0.0.1:";
   EXPECT_TRUE(address.starts_with(kBefore)) << address;
   const std::string rest = address.substr(kBefore.size());
   const std::size_t slash = rest.find('/');
   const std::string host = "127.0.0.1:" + rest.substr(0, slash);
   const console::test::RawConnection connection(static_cast<std::uint16_t>(std::stoi(rest)));
   connection.send("GET " + rest.substr(slash) + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
   return connection.receive();
}

class BrowserSignInTerminal : public testing::Test {
 protected:
   // Adds the integration as a person does who signs in at once.
   void add() {
      AtTerminal person(console_.setup(adding()));
      ASSERT_TRUE(person.sees("state=") && person.sees("press Enter")) << person.screen();
      browse(returning(person.word("https://login.example.com/")));
      ASSERT_EQ(person.wait(), 0) << person.screen();
   }

   std::string state() {
      const auto listed = console_.run({"integration", "list", "--json"});
      const auto document = console::test::document(listed);
      return document["integrations"][0]["state"].GetString();
   }

   int spent_twice() const {
      return desk_.platform.look([&] { return desk_.spent_twice; });
   }
   int tokens() const {
      return desk_.platform.look([&] { return desk_.tokens; });
   }

   BrowserDesk desk_;
   FamilyConsole console_{"browser_sign_in", desk_.platform};
};

TEST_F(BrowserSignInTerminal, the_command_goes_on_by_itself_and_nothing_of_the_query_is_kept) {
   const std::string log = console_.directory() / "console.log";
   AtTerminal person(console_.setup(adding({"--log-level", "debug", "--log-file", log})));
   ASSERT_TRUE(person.sees("press Enter")) << person.screen();
   const std::string printed = person.word("https://login.example.com/authorize?");
   EXPECT_THAT(browse(returning(printed)), HasSubstr("303"));
   EXPECT_EQ(person.wait(), 0) << person.screen();
   EXPECT_THAT(person.screen(), HasSubstr("Harbour Street IT"));

   std::ifstream file(log);
   const std::string logged{std::istreambuf_iterator<char>(file), {}};
   const std::vector<std::string> secrets{"the-code-of-ada", "refresh-1", "access-1", parameter(printed, "state")};
   for (const std::string& secret : secrets) {
      EXPECT_THAT(logged, Not(HasSubstr(secret)));
      const auto shown = console_.run({"integration", "show", "Desk", "--json"});
      EXPECT_THAT(shown.out, Not(HasSubstr(secret)));
   }
   EXPECT_EQ(console_.run({"integration", "check", "Desk"}).exit_code, 0);
   EXPECT_EQ(console_.run({"integration", "check", "--all"}).exit_code, 0);
   EXPECT_EQ(console_.run({"integration", "request", "Desk", "GET", "tickets"}).exit_code, 0);
   EXPECT_EQ(spent_twice(), 0);
}

TEST_F(BrowserSignInTerminal, the_address_that_a_browser_elsewhere_ended_at_can_be_pasted) {
   AtTerminal person(console_.setup(adding()));
   ASSERT_TRUE(person.sees("press Enter"));
   person.types("https://login.example.com/somewhere?state=1234\n");
   ASSERT_TRUE(person.sees("That is not the address")) << person.screen();
   person.types("  " + returning(person.word("https://login.example.com/")) + "\n");
   EXPECT_EQ(person.wait(), 0) << person.screen();
}

TEST_F(BrowserSignInTerminal, who_comes_back_with_another_state_is_not_taken_for_the_person) {
   AtTerminal person(console_.setup(adding()));
   ASSERT_TRUE(person.sees("press Enter"));
   const std::string right = returning(person.word("https://login.example.com/"));
   const std::string wrong = right.substr(0, right.find("state=")) + "state=" + std::string(64, '0');
   EXPECT_THAT(browse(wrong), HasSubstr("/callback/unknown"));
   EXPECT_THAT(browse(right), HasSubstr("/callback/done"));
   EXPECT_EQ(person.wait(), 0) << person.screen();
}

TEST_F(BrowserSignInTerminal, a_refusal_at_the_platform_saves_nothing) {
   AtTerminal person(console_.setup(adding()));
   ASSERT_TRUE(person.sees("press Enter"));
   browse(returning(person.word("https://login.example.com/"), "error=access_denied"));
   EXPECT_EQ(person.wait(), 4) << person.screen();
   EXPECT_THAT(console_.run({"integration", "list", "--json"}).out, Not(HasSubstr("Desk")));
}

TEST_F(BrowserSignInTerminal, ctrl_c_ends_the_wait) {
   AtTerminal person(console_.setup(adding()));
   ASSERT_TRUE(person.sees("press Enter"));
   person.types("\x03");
   EXPECT_EQ(person.wait(), 130) << person.screen();
}

TEST_F(BrowserSignInTerminal, where_nobody_is_at_a_terminal_that_is_said) {
   for (const auto& more : {std::vector<std::string>{"--no-input", "--json"}, std::vector<std::string>{"--json"}}) {
      const auto result = console_.run(adding(more));  // standard input is a pipe
      EXPECT_EQ(result.exit_code, 4);
      EXPECT_THAT(result.out, HasSubstr("auth.interaction_required"));
      EXPECT_THAT(result.out, HasSubstr("needs msp.browser/1: a person has to sign in there, and nobody is here"));
   }
   EXPECT_TRUE(desk_.platform.asked().empty());
   add();
   const auto signed_in = console_.run({"integration", "sign-in", "Desk", "--no-input"});
   EXPECT_EQ(signed_in.exit_code, 2);
   EXPECT_THAT(signed_in.err, HasSubstr("needs msp.browser/1"));
}

TEST_F(BrowserSignInTerminal, one_command_signs_in_again_and_changes_nothing_else) {
   add();
   desk_.platform.change([&] { desk_.refresh_tokens.clear(); });
   EXPECT_EQ(console_.run({"integration", "check", "Desk"}).exit_code, 4);
   EXPECT_EQ(state(), "needs_sign_in");
   EXPECT_THAT(console_.run({"integration", "list", "--json"}).out, HasSubstr("\"remedy\": \"Sign in again.\""));
   for (const auto& command : {std::vector<std::string>{"integration", "check", "--all", "--json"},
                               {"integration", "request", "Desk", "GET", "tickets"}}) {
      const auto not_tried = console_.run(command);
      EXPECT_THAT(not_tried.out + not_tried.err,
                  AllOf(HasSubstr("Sign in again"), Not(HasSubstr("these credentials"))));
   }
   EXPECT_EQ(console_.run({"integration", "sign-in", "Desk", "--no-input"}).exit_code, 2);
   AtTerminal person(console_.setup({"integration", "sign-in", "Desk"}));
   ASSERT_TRUE(person.sees("press Enter")) << person.screen();
   browse(returning(person.word("https://login.example.com/")));
   EXPECT_EQ(person.wait(), 0) << person.screen();
   EXPECT_EQ(state(), "active");
   EXPECT_EQ(console_.run({"integration", "check", "Desk"}).exit_code, 0);
}

TEST_F(BrowserSignInTerminal, another_user_is_refused_and_the_former_sign_in_still_works) {
   add();
   desk_.platform.change([&] { desk_.login = "ben@pier.example"; });
   AtTerminal person(console_.setup({"integration", "sign-in", "Desk"}));
   ASSERT_TRUE(person.sees("press Enter"));
   browse(returning(person.word("https://login.example.com/")));
   EXPECT_EQ(person.wait(), 7) << person.screen();
   EXPECT_THAT(person.screen(), HasSubstr("account.mismatch"));
   desk_.platform.change([&] { desk_.login = "ada@harbour.example"; });
   EXPECT_EQ(console_.run({"integration", "check", "Desk"}).exit_code, 0);
   EXPECT_EQ(spent_twice(), 0);
}

TEST_F(BrowserSignInTerminal, a_removal_ends_the_sign_in_at_the_platform) {
   add();
   const auto removed = console_.run({"integration", "remove", "Desk", "--yes", "--json"});
   EXPECT_EQ(removed.exit_code, 0) << removed.err;
   EXPECT_THAT(removed.out, HasSubstr("\"signed_out\": true"));
   EXPECT_THAT(removed.out, HasSubstr("Example Desk knows that the sign-in of"));
   EXPECT_TRUE(desk_.platform.look([&] { return desk_.refresh_tokens.empty(); }));
   EXPECT_EQ(desk_.platform.asked().back(), "POST login.example.com/revoke");
   EXPECT_EQ(console_.run({"integration", "show", "Desk"}).exit_code, 8);
}

TEST_F(BrowserSignInTerminal, a_removal_does_not_fail_because_the_platform_is_away_and_says_what_is_still_open) {
   add();
   desk_.platform.change([&] { desk_.revokes = false; });
   const auto removed = console_.run({"integration", "remove", "Desk", "--yes"});
   EXPECT_EQ(removed.exit_code, 0) << removed.err;
   const std::string told = console::test::flat(removed.out);
   EXPECT_THAT(told, HasSubstr("Removed: Desk"));
   EXPECT_THAT(told, HasSubstr("is still good at Example Desk, which could not be told of its end"));
   EXPECT_THAT(told, Not(HasSubstr("refresh-1")));
   EXPECT_EQ(console_.run({"integration", "show", "Desk"}).exit_code, 8);
}

TEST_F(BrowserSignInTerminal, what_the_platform_refuses_already_is_not_sent_once_more_at_removal) {
   add();
   desk_.platform.change([&] { desk_.refresh_tokens.clear(); });
   EXPECT_EQ(console_.run({"integration", "check", "Desk"}).exit_code, 4);
   const auto asked = desk_.platform.asked().size();
   const auto removed = console_.run({"integration", "remove", "Desk", "--yes", "--json"});
   EXPECT_EQ(removed.exit_code, 0);
   EXPECT_THAT(removed.out, HasSubstr("\"signed_out\": null"));
   EXPECT_EQ(desk_.platform.asked().size(), asked);
}

// While the browser's window is open, somebody else does something with the integration.
TEST_F(BrowserSignInTerminal, what_happens_to_an_integration_during_a_sign_in_is_not_undone_by_it) {
   add();
   const auto sign_in_while = [&](const std::function<void()>& meanwhile) {
      AtTerminal person(console_.setup({"integration", "sign-in", "Desk"}));
      EXPECT_TRUE(person.sees("press Enter")) << person.screen();
      meanwhile();
      browse(returning(person.word("https://login.example.com/")));
      const int code = person.wait();
      return std::to_string(code) + person.screen();
   };
   const auto token = [&] {
      return console::Store(std::filesystem::path(console_.directory()) / "data")
          .integrations()
          .at(0)
          .secrets.at("refresh_token");
   };
   const auto run = [&](std::vector<std::string> command) { EXPECT_EQ(console_.run(std::move(command)).exit_code, 0); };

   EXPECT_THAT(sign_in_while([&] { run({"integration", "disable", "Desk"}); }), StartsWith("0"));
   EXPECT_EQ(state(), "disabled");
   run({"integration", "enable", "Desk"});

   // The settings are others by now: what the window brought back was asked for with the former ones.
   auto before = token();
   EXPECT_THAT(sign_in_while([&] {
                  console::Store store(std::filesystem::path(console_.directory()) / "data");
                  console::IntegrationRecord record = store.integrations().at(0);
                  console::Store::Change change(store);
                  change.update(record);
                  change.commit();
               }),
               AllOf(StartsWith("6"), HasSubstr("integration.changed"), Not(HasSubstr("former settings"))));
   EXPECT_EQ(token().sealed, before.sealed);

   EXPECT_THAT(sign_in_while([&] {
                  run({"integration", "remove", "Desk", "--yes"});
               }),
               HasSubstr("integration.missing"));
   EXPECT_TRUE(console::Store(std::filesystem::path(console_.directory()) / "data").integrations().empty());
}

// Between the platform's answer and the commit a refresh token can be lost, because the platform spends the old one
// first. That costs a sign-in, and is told as such; nothing else is ever lost.
TEST_F(BrowserSignInTerminal, killed_at_any_of_its_writes_a_check_loses_at_most_a_sign_in_that_is_told) {
   add();
   const std::filesystem::path data = console_.setup({}).environment.at("MSP_CONSOLE_DATA_DIR");
   const std::filesystem::path saved = console_.directory() / "saved";
   std::filesystem::copy(data, saved, std::filesystem::copy_options::recursive);
   const auto tokens = desk_.platform.look([&] { return desk_.refresh_tokens; });
   const auto check = [&](std::vector<std::string> arguments) {
      auto setup = console_.setup(std::move(arguments));
      setup.program = REFRESHING_CONSOLE;
      return test_support::run(setup);
   };
   int kept = 0, lost = 0;
   for (int write = 1;; ++write) {
      SCOPED_TRACE(write);
      std::filesystem::remove_all(data);
      std::filesystem::copy(saved, data, std::filesystem::copy_options::recursive);
      desk_.platform.change([&] { desk_.refresh_tokens = tokens; });
      if (check({"1", "1", std::to_string(write)}).exit_code == 0) break;  // there are no more writes
      const auto after = check({"1", "1"});
      if (after.exit_code == 0) {
         ++kept;
         continue;
      }
      ++lost;
      EXPECT_THAT(after.err, HasSubstr("auth.expired"));
      EXPECT_EQ(state(), "needs_sign_in");
   }
   EXPECT_GT(kept, 0);
   EXPECT_GT(lost, 0);
}

// Each process checks again and again; the platform ends the whole sign-in at the first token that it sees twice.
TEST_F(BrowserSignInTerminal, a_thousand_refreshes_by_eight_processes_lose_none_and_spend_none_twice) {
   constexpr int kProcesses = 8;
#if defined(__SANITIZE_THREAD__) || defined(__clang__)
   constexpr int kEach = 10;  // the sanitizers take ten times as long
#else
   constexpr int kEach = 125;
#endif
   add();
   const int before = tokens();
   std::vector<std::unique_ptr<test_support::Process>> processes;
   for (int process = 0; process < kProcesses; ++process) {
      auto setup = console_.setup({"integration", "check", "Desk"});
      setup.arguments.insert(setup.arguments.begin(), {std::to_string(kEach), "1"});
      setup.program = REFRESHING_CONSOLE;
      processes.push_back(std::make_unique<test_support::Process>(setup));
   }
   for (const auto& process : processes) {
      const auto result = process->wait();
      EXPECT_EQ(result.exit_code, 0) << result.err;
   }
   EXPECT_EQ(tokens() - before, kProcesses * kEach);
   EXPECT_EQ(spent_twice(), 0);
   EXPECT_EQ(desk_.platform.look([&] { return desk_.refresh_tokens.size(); }), 1u) << "only the newest one is good";
   EXPECT_EQ(console_.run({"integration", "check", "Desk"}).exit_code, 0);
}

}  // namespace
}  // namespace msp::test
