// Two servers, and a session with a name for the second one.
#include <gmock/gmock.h>

#include "family.hpp"

namespace msp::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kKey = "backup-key-4711";
constexpr const char* kTicket = "POST backup.example.com/api/tickets";

// Its reports take the ticket that was given last, as long as `tickets_count`.
class ExampleBackup {
 public:
   int tickets = 0;
   bool tickets_count = true;
   int jobs_answer_with = 200;
   Platform platform{{"backup.example.com", "reports.example.com"},
                     [this](const sim::Request& request) { return answer(request); }};

 private:
   [[nodiscard]] std::string ticket() const { return "ticket-" + std::to_string(tickets) + "/for+all"; }

   sim::Reply answer(const sim::Request& request) {
      if (request.host() == "reports.example.com") {
         if (!tickets_count || request.query_value("ticket") != ticket()) return sim::Reply::json("{}", 410);
         return sim::Reply::json(R"({"report":")" + request.path + "\"}");
      }
      if (request.header("X-Api-Key") != kKey) return sim::Reply::json("{}", 401);
      if (request.path != "/api/tickets") return sim::Reply::json(R"({"jobs":3})", jobs_answer_with);
      ++tickets;
      tickets_count = true;
      return sim::Reply::json(R"({"account":"Example GmbH","scope":"jobs.read","expires_in":600,"ticket":")" +
                              ticket() + "\"}");
   }
};

const Values kSecrets = {{"api_key", kKey}};

TEST(TwoServers, a_request_names_the_server_by_its_session) {
   ExampleBackup backup;
   const Family plugin("two_servers", backup.platform);
   const auto integration = plugin.integration({}, kSecrets);
   EXPECT_EQ(get(*integration, "jobs").body, R"({"jobs":3})");
   EXPECT_EQ(integration->request({"GET", "month", {}, {}, "reports"}).body, R"({"report":"/v2/month"})");
   EXPECT_THAT(backup.platform.asked(),
               ElementsAre(kTicket, "GET backup.example.com/api/jobs", "GET reports.example.com/v2/month"));
   for (const sim::Request& request : backup.platform.seen())
      EXPECT_EQ(request.header("X-Api-Key").has_value(), request.host() == "backup.example.com") << request.path;
}

// Nothing was read with the key by then, so the manifest names what the check reads as its last step.
TEST(TwoServers, a_check_tries_the_session_that_it_hands_on) {
   ExampleBackup backup;
   const Family plugin("two_servers", backup.platform);
   EXPECT_EQ(plugin.check({}, kSecrets).outcome, host::Outcome::accepted);
   EXPECT_THAT(backup.platform.asked(), ElementsAre(kTicket, "GET backup.example.com/api/jobs"));

   backup.platform.change([&] { backup.jobs_answer_with = 403; });
   const auto unfit = plugin.check({}, kSecrets);
   EXPECT_EQ(unfit.outcome, host::Outcome::failed);
   EXPECT_THAT(first_error(unfit).summary, HasSubstr("reported a session that does not work (Example Backup answered "
                                                     "HTTP 403 to GET jobs?first=1), against rule P23"));
   EXPECT_FALSE(unfit.session);
   EXPECT_TRUE(unfit.further_sessions.empty());

   backup.platform.change([&] { backup.jobs_answer_with = 503; });
   EXPECT_EQ(plugin.check({}, kSecrets).outcome, host::Outcome::unavailable);
}

TEST(TwoServers, a_ticket_that_the_second_server_takes_no_more_is_replaced_and_the_request_repeated) {
   ExampleBackup backup;
   const Family plugin("two_servers", backup.platform);
   const auto integration = plugin.integration({}, kSecrets);
   EXPECT_EQ(integration->request({"GET", "month", {}, {}, "reports"}).status, 200);
   backup.platform.change([&] { backup.tickets_count = false; });
   EXPECT_EQ(integration->request({"GET", "month", {}, {}, "reports"}).status, 200);
   EXPECT_EQ(backup.tickets, 2);
}

TEST(TwoServers, on_the_command_line_the_session_is_an_option_and_a_wrong_name_says_which_there_are) {
   ExampleBackup backup;
   FamilyConsole console("two_servers", backup.platform);
   const auto added = console.add({}, {{"api_key", std::string("=") + kKey}}, {"--name", "Backup"});
   EXPECT_EQ(added.exit_code, 0) << added.out << added.err;
   const auto request = [&](std::vector<std::string> more) {
      more.insert(more.begin(), {"integration", "request", "Backup", "GET"});
      return console.run(std::move(more));
   };
   EXPECT_EQ(request({"jobs"}).out, R"({"jobs":3})");
   const auto report = request({"/month?page=2", "--session", "reports", "--json"});
   EXPECT_EQ(report.exit_code, 0) << report.err;
   EXPECT_THAT(report.out, HasSubstr(R"("session": "reports")"));
   EXPECT_THAT(report.out, HasSubstr(R"({\"report\":\"/v2/month\"})"));
   EXPECT_THAT(request({"jobs", "--json"}).out, HasSubstr(R"("session": null)"));

   const auto asked = backup.platform.asked().size();
   const auto unknown = request({"month", "--session", "report"});
   EXPECT_EQ(unknown.exit_code, 2);
   EXPECT_THAT(unknown.err, HasSubstr("has no session \"report\"; it has the main one and\n  \"reports\"."));
   EXPECT_THAT(unknown.err, Not(HasSubstr("backup.example.com"))) << "the hint about PATH is about another mistake";
   EXPECT_EQ(backup.platform.asked().size(), asked + 1) << "the sign-in that told the names";
   EXPECT_EQ(request({"", "--session", "reports"}).exit_code, 0) << "PATH may be empty: the address itself";
}

}  // namespace
}  // namespace msp::test
