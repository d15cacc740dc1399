// A sign-in that is refused with a web page, by VSA or by something in front of it, as people meet it.
#include <gmock/gmock.h>

#include "console_program.hpp"
#include "sim/kaseya_vsa/kaseya_vsa_sim.hpp"
#include "tests/store/plain_sqlite.hpp"

using namespace msp;
using namespace msp::console::test;
using test_support::ProcessResult;
using testing::HasSubstr;
using testing::Not;

namespace {

constexpr const char* kName = "Kaseya";

// The sign-in when saving is answered, each later one with a page.
class UnclearRefusal : public testing::Test {
 protected:
   UnclearRefusal()
       : simulator_(R"({"faults":[{"match":{"path":"/api/v1.0/auth"},"after":1,"fault":"html","status":401}]})") {
      console_.use(simulator_);
      console_.environment["THE_TOKEN"] = "0f1e2d3c-0000-4000-8000-000000000001";
      EXPECT_EQ(console_.run({"plugin", "enable", "kaseya_vsa", "--yes"}).exit_code, 0);
      const ProcessResult added = console_.run({"integration", "add", "--platform", "kaseya_vsa", "--name", kName,
                                                "--no-input", "--set", "server=https://vsa.example.com", "--set",
                                                "user_name=console", "--secret", "pat=@env:THE_TOKEN"});
      EXPECT_EQ(added.exit_code, 0) << added.out << added.err;
   }

   ProcessResult check_all() const { return console_.run({"integration", "check", "--all"}); }
   std::string state() const {
      const auto list = document(console_.run({"integration", "list", "--json"}));
      return list["integrations"][0]["state"].GetString();
   }
   std::string outcome_of_check_all() const {
      const auto all = document(console_.run({"integration", "check", "--all", "--json"}));
      return all["checks"][0]["outcome"].GetString();
   }
   std::size_t sign_ins() const {
      return simulator_.count_requests([](const auto& entry) { return entry.path == "/api/v1.0/auth"; });
   }
   // As if a quarter of an hour, or almost, had passed.
   void pass(int seconds) const {
      run_sql(console_.data_dir() / "console.db",
              "UPDATE integrations SET unclear_at = unclear_at - " + std::to_string(seconds));
   }

   sim::KaseyaVsaSimulator simulator_;
   ConsoleProgram console_;
};

TEST_F(UnclearRefusal, is_tried_again_twice_by_a_check_of_all_and_then_waits_for_a_person) {
   const ProcessResult first = check_all();
   EXPECT_EQ(sign_ins(), 2U);
   EXPECT_THAT(first.out, HasSubstr("a proxy or gateway in front of it"));
   EXPECT_EQ(state(), "temporary_trouble");
   EXPECT_THAT(check_all().out, HasSubstr("Not tried again yet"));
   EXPECT_EQ(outcome_of_check_all(), "unavailable") << "it will be tried again by itself";
   pass(14 * 60);
   EXPECT_THAT(check_all().out, HasSubstr("Not tried again yet"));
   EXPECT_EQ(sign_ins(), 2U);
   for (const std::size_t so_many : {3U, 4U}) {
      pass(15 * 60);
      check_all();
      EXPECT_EQ(sign_ins(), so_many);
   }
   pass(24 * 60 * 60);
   const ProcessResult last = check_all();
   EXPECT_EQ(sign_ins(), 4U) << "it waits for a person";
   EXPECT_THAT(last.out, HasSubstr("Not tried again: the sign-in has been refused"));
   EXPECT_EQ(state(), "needs_sign_in");
   EXPECT_EQ(outcome_of_check_all(), "refused");
   EXPECT_EQ(console_.run({"integration", "check", kName}).exit_code, 4);
   EXPECT_EQ(sign_ins(), 5U) << "a person asked";
}

TEST_F(UnclearRefusal, leaves_what_the_last_check_found_and_claims_no_wrong_credentials) {
   check_all();
   const ProcessResult shown = console_.run({"integration", "show", kName});
   EXPECT_THAT(shown.out, Not(HasSubstr("The platform has refused the credentials")));
   EXPECT_THAT(shown.out, HasSubstr("something in front of it"));
   const auto list = document(console_.run({"integration", "list", "--json"}));
   EXPECT_STREQ(list["integrations"][0]["last_check"]["outcome"].GetString(), "accepted");
   EXPECT_STREQ(list["integrations"][0]["not_checked"]["outcome"].GetString(), "refused");
}

TEST_F(UnclearRefusal, is_not_asked_about_by_a_request_before_its_time) {
   check_all();
   const std::vector<std::string> request = {"integration", "request", kName, "GET", "assetmgmt/agents"};
   EXPECT_EQ(console_.run(request).exit_code, 4);
   EXPECT_EQ(sign_ins(), 2U);
   pass(15 * 60);
   EXPECT_EQ(console_.run(request).exit_code, 4);
   EXPECT_EQ(sign_ins(), 3U);
   EXPECT_EQ(console_.run(request).exit_code, 4);
   EXPECT_EQ(sign_ins(), 3U) << "what a request found counts, too";
}

}  // namespace
