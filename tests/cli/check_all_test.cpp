// A check of all whose store fails under way: what was found is told all the same, and then what is missing.
#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "console_program.hpp"
#include "core/check_repeat.hpp"
#include "core/console.hpp"
#include "test_support/runner.hpp"
#include "tests/store/plain_sqlite.hpp"
#include "words/check_counts.hpp"

using namespace msp;
using namespace msp::console;
using test_support::ProcessResult;

namespace {

class CheckAll : public testing::Test {
 protected:
   CheckAll() {
      program_.use(platform_);
      program_.enable_autotask();
      program_.sign_in_as(test::kGoodUser, test::kGoodSecret);
      EXPECT_EQ(program_.run(program_.add_arguments({"--name", "First"})).exit_code, 0);
      program_.sign_in_as("restricted@msp.example", "Throw$away#3");
      EXPECT_EQ(program_.run(program_.add_arguments({"--name", "Second"})).exit_code, 0);
   }

   [[nodiscard]] ConsoleOptions console_on(const sim::Simulator& simulator) const {
      ConsoleOptions options;
      options.plugin_dirs = {MSP_PLUGIN_DIRECTORY};
      options.runner = test_support::runner();
      options.data_dir = program_.data_dir();
      options.network.ca_file = simulator.ca_file();
      options.network.connect_to = simulator.connect_to();
      return options;
   }

   void sql(const std::string& statement) { test::run_sql(program_.data_dir() / "console.db", statement); }

   sim::AutotaskSimulator platform_;
   test::ConsoleProgram program_;
};

TEST_F(CheckAll, what_the_history_lacks_is_told_after_all_reports) {
   sql("CREATE TRIGGER full BEFORE INSERT ON checks BEGIN SELECT RAISE(ABORT, 'no room'); END");
   const ProcessResult result = program_.run({"integration", "check", "--all", "--json"});
   EXPECT_EQ(result.exit_code, 10) << result.out << result.err;
   rapidjson::Document all;
   all.Parse(result.out);
   ASSERT_TRUE(all.IsObject() && all.MemberCount() == 2 && all.HasMember("checks")) << result.out;
   const auto& reports = all["checks"];
   ASSERT_TRUE(reports.IsArray()) << result.out;
   ASSERT_EQ(reports.Size(), 2U);
   EXPECT_STREQ(reports[1]["outcome"].GetString(), "accepted");
   EXPECT_NE(result.err.find("A part of these checks is missing in the history."), std::string::npos) << result.err;
}

TEST_F(CheckAll, of_one_check_whose_record_is_lost_the_result_is_told_and_the_loss) {
   sql("CREATE TRIGGER full BEFORE INSERT ON checks BEGIN SELECT RAISE(ABORT, 'no room'); END");
   const ProcessResult result = program_.run({"integration", "check", "First", "--json"});
   rapidjson::Document check;
   check.Parse(result.out);
   ASSERT_TRUE(check.IsObject()) << result.out << result.err;
   EXPECT_STREQ(check["outcome"].GetString(), "accepted");
   std::vector<std::string> told;
   for (const auto& finding : check["findings"].GetArray()) {
      if (std::string_view(finding["code"].GetString()) != "host.storage") continue;
      EXPECT_STREQ(finding["severity"].GetString(), "warning");
      told.emplace_back(finding["summary"].GetString());
   }
   ASSERT_EQ(told.size(), 1U) << result.out;
   EXPECT_TRUE(told[0].starts_with("This check is missing in the integration's history. ")) << told[0];
}

TEST_F(CheckAll, integrations_that_cannot_be_read_do_not_take_the_reports_of_the_others_away) {
   Console console(console_on(platform_));
   std::vector<std::string> told;
   const CheckAllResult result = console.integrations().check_all(
       {.each = {}, .parallel = 1}, [&](const CheckedIntegration& checked, std::size_t) {
          told.push_back(checked.integration.name + ": " + std::string(host::name(checked.report.outcome)));
          sql("ALTER TABLE integrations RENAME TO taken_away");
       });
   EXPECT_EQ(told, std::vector<std::string>{"First: accepted"});
   EXPECT_EQ(result.enabled, 2U);
   ASSERT_TRUE(result.problem);
   EXPECT_EQ(result.problem->code, "host.storage");
   EXPECT_EQ(result.problem->summary.find(
                 "Not all integrations were checked, and a part of these checks is missing in the history. "),
             0U)
       << result.problem->summary;
}

TEST_F(CheckAll, what_is_disabled_or_removed_before_its_turn_is_not_asked) {
   for (const bool remove : {false, true}) {
      Console console(console_on(platform_));
      const std::int64_t second = console.integrations().find("Second")->record.id;
      const std::size_t before = platform_.journal().size();
      const std::size_t history = console.store().checks(second).size();
      std::vector<std::string> told;
      CheckCounts counts;
      const CheckAllResult result = console.integrations().check_all(
          {.each = {}, .parallel = 1}, [&](const CheckedIntegration& checked, std::size_t) {
             told.push_back(checked.integration.name);
             counts.add(checked);
             remove ? console.integrations().remove(second) : console.integrations().set_enabled(second, false);
          });
      EXPECT_EQ(told, std::vector<std::string>{"First"});
      EXPECT_EQ(platform_.journal().size(), before + 2) << "only the first is asked about";
      EXPECT_EQ(console.store().checks(second).size(), remove ? 0 : history);
      EXPECT_EQ(counts.sentence(result.enabled, false), "Checked 1 of 2: 1 active, 1 disabled or removed meanwhile.");
      if (!remove) console.integrations().set_enabled(second, true);
   }
}

TEST_F(CheckAll, a_refusal_that_became_known_before_its_turn_is_not_asked_about) {
   Console console(console_on(platform_));
   const IntegrationRecord second = console.integrations().find("Second")->record;
   const std::size_t before = platform_.signed_requests();
   std::map<std::string, bool> tried;
   console.integrations().check_all({.each = {}, .parallel = 1}, [&](const CheckedIntegration& checked, std::size_t) {
      tried[checked.integration.name] = checked.tried;
      Store::Change change(console.store());
      change.set_refused(second.id, second.revision, 1);
      change.commit();
   });
   EXPECT_EQ(tried, (std::map<std::string, bool>{{"First", true}, {"Second", false}}));
   EXPECT_EQ(platform_.signed_requests(), before + 1);
}

// Each thread asks by itself, as a page with several windows does: only the turns keep them apart.
TEST_F(CheckAll, checks_that_people_start_at_once_ask_one_account_one_after_the_other) {
   const sim::AutotaskSimulator platform(R"({"thread_limit":1,"latency_ms":100})");
   Console console(console_on(platform));
   std::vector<std::int64_t> ids;
   for (const auto& view : console.integrations().list()) ids.push_back(view.record.id);
   std::latch start(static_cast<std::ptrdiff_t>(ids.size()));
   std::vector<std::future<host::Outcome>> checks;
   for (const std::int64_t id : ids) {
      checks.push_back(std::async(std::launch::async, [&, id] {
         start.arrive_and_wait();
         return console.integrations().check(id, {}).report.outcome;
      }));
   }
   for (auto& check : checks) EXPECT_EQ(check.get(), host::Outcome::accepted);
}

// Time that passes only when somebody waits.
struct FakePause {
   std::vector<std::chrono::milliseconds> waits;
   std::chrono::steady_clock::time_point now{std::chrono::hours(1)};

   Pause pause() {
      return {[this] { return now; },
              [this](std::chrono::steady_clock::time_point time, const std::stop_token&) {
                 if (time <= now) return;
                 waits.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(time - now));
                 now = time;
              }};
   }
};

// A person's check must not be what makes the platform send a check of all away.
TEST_F(CheckAll, a_check_of_all_waits_for_the_account_that_a_person_checks_and_the_other_way_round) {
   const sim::AutotaskSimulator platform(R"({"thread_limit":1,"latency_ms":100})");
   Console console(console_on(platform));
   const std::int64_t first = console.integrations().find("First")->record.id;
   std::latch start(2);
   auto person = std::async(std::launch::async, [&] {
      start.arrive_and_wait();
      std::vector<host::Outcome> outcomes;
      for (int time = 0; time < 2; ++time) outcomes.push_back(console.integrations().check(first, {}).report.outcome);
      return outcomes;
   });
   start.arrive_and_wait();
   FakePause pause;
   CheckCounts counts;
   console.integrations().check_all({.each = {}, .parallel = 2, .pause = pause.pause()},
                                    [&](const CheckedIntegration& checked, std::size_t) { counts.add(checked); });
   EXPECT_EQ(person.get(), std::vector(2, host::Outcome::accepted));
   EXPECT_EQ(counts.sentence(2, false), "Checked 2 of 2: 1 active, 1 active with remarks.");
   EXPECT_TRUE(pause.waits.empty()) << "nothing was sent away";
}

TEST_F(CheckAll, a_check_that_is_cancelled_on_its_way_leaves_nothing_behind) {
   sim::AutotaskSimulator platform(R"({"faults":[{"fault":"silent"}]})");
   Console console(console_on(platform));
   const auto history = [&] {
      std::vector<std::size_t> sizes;
      for (const auto& view : console.integrations().list()) {
         sizes.push_back(console.store().checks(view.record.id).size());
      }
      return sizes;
   };
   const auto before = history();
   std::stop_source cancel;
   CheckAllOptions options;
   options.parallel = 1;
   options.each.cancel = cancel.get_token();
   std::size_t told = 0;
   auto checks = std::async(std::launch::async, [&] {
      return console.integrations().check_all(options, [&](const CheckedIntegration&, std::size_t) { ++told; });
   });
   EXPECT_TRUE(platform.server().wait_for([](const sim::Counters& counters) { return counters.requests == 1; }));
   cancel.request_stop();
   EXPECT_FALSE(checks.get().problem);
   EXPECT_EQ(told, 0U);
   EXPECT_EQ(history(), before) << "nothing was found";
   EXPECT_EQ(platform.server().counters().requests, 1U) << "and the next one was not asked about";
}

// One answer of the platform's in place of the rights that are asked for.
std::string once(const std::string& fault, int times = 1) {
   return R"({"faults":[{"match":{"path":"/ATServicesRest/V1.0/EntityInformation"},"times":)" + std::to_string(times) +
          "," + fault + "}]}";
}

struct BusyCase {
   const char* name;
   std::string scenario;
   std::size_t signed_requests;  // of two integrations
   std::size_t waits;
   std::chrono::milliseconds at_least;
   std::chrono::milliseconds at_most;
   const char* sentence;
};

TEST_F(CheckAll, what_the_platform_had_no_time_for_is_checked_once_more_at_the_end) {
   using namespace std::chrono_literals;
   const std::string good = "Checked 2 of 2: 1 active, 1 active with remarks.";
   const std::string busy = "Checked 1 of 2: 1 active with remarks, 1 could not be checked now.";
   const BusyCase cases[] = {
       {"asked to wait", once(R"("fault":"status","status":429,"headers":{"Retry-After":"7"})"), 3, 1, 7s, 7500ms,
        good.c_str()},
       {"as long as anybody waits", once(R"("fault":"status","status":429,"headers":{"Retry-After":"60"})"), 3, 1, 60s,
        60500ms, good.c_str()},
       {"longer than anybody waits", once(R"("fault":"status","status":429,"headers":{"Retry-After":"61"})"), 2, 0, 0s,
        0s, busy.c_str()},
       {"did not say how long", once(R"("fault":"status","status":429)"), 3, 1, 1s, 3s, good.c_str()},
       {"both were sent away", once(R"("fault":"status","status":429)", 2), 4, 2, 0s, 3s, good.c_str()},
       {"and once more", once(R"("fault":"status","status":429)", 4), 4, 2, 0s, 3s,
        "Checked 0 of 2: 2 could not be checked now."},
   };
   for (const BusyCase& c : cases) {
      SCOPED_TRACE(c.name);
      const sim::AutotaskSimulator platform(c.scenario);
      Console console(console_on(platform));
      FakePause pause;
      CheckCounts counts;
      const CheckAllResult result = console.integrations().check_all(
          {.each = {}, .parallel = 1, .pause = pause.pause()},
          [&](const CheckedIntegration& checked, std::size_t) { counts.add(checked); });
      EXPECT_FALSE(result.problem);
      EXPECT_EQ(counts.sentence(result.enabled, false), c.sentence);
      EXPECT_EQ(platform.signed_requests(), c.signed_requests);
      EXPECT_EQ(pause.waits.size(), c.waits);
      for (const auto wait : pause.waits) {
         EXPECT_GE(wait, c.at_least);
         EXPECT_LE(wait, c.at_most);
      }
   }
}

TEST(CheckAllWords, a_line_names_a_few_rights_and_counts_the_rest) {
   const auto told = [](int rights, host::Severity severity) {
      std::string names;
      for (int i = 1; i <= rights; ++i)
         names += (i == 1 ? "\"" : ", \"") + std::string("Read ") + std::to_string(i) + '"';
      CheckedIntegration checked;
      checked.report.outcome = severity == host::Severity::error ? host::Outcome::refused : host::Outcome::accepted;
      host::Finding& finding = checked.report.findings.emplace_back();
      finding.code = "perm.restricted";
      finding.severity = severity;
      finding.summary = "They are restricted: " + names + ". Look at them.";
      return reason_of(checked);
   };
   for (const auto severity : {host::Severity::warning, host::Severity::error}) {
      EXPECT_EQ(told(1, severity), "They are restricted: \"Read 1\". Look at them.");
      EXPECT_EQ(told(4, severity),
                "They are restricted: \"Read 1\", \"Read 2\", \"Read 3\", \"Read 4\". Look at them.");
      EXPECT_EQ(told(5, severity),
                "They are restricted: \"Read 1\", \"Read 2\", \"Read 3\" and 2 others. Look at them.");
      EXPECT_EQ(told(14, severity),
                "They are restricted: \"Read 1\", \"Read 2\", \"Read 3\" and 11 others. Look at them.");
   }
}

TEST(CheckRepeat, only_what_was_sent_away_for_load_is_worth_another_attempt) {
   using enum host::Outcome;
   const struct {
      host::Outcome outcome;
      const char* code;
      std::optional<int> status;
      std::optional<int> retry_after_s;
      bool again;
   } cases[] = {
       {throttled, "platform.throttled", 429, {}, true},
       {throttled, "platform.throttled", 500, 60, true},
       {throttled, "platform.throttled", 429, 61, false},
       {unavailable, "platform.unavailable", 502, {}, true},
       {unavailable, "platform.unavailable", 503, 0, true},
       {unavailable, "platform.throttled", {}, {}, true},
       {unavailable, "platform.unavailable", 500, {}, false},
       {unavailable, "platform.unexpected_response", 200, {}, false},
       {unreachable, "net.reset", {}, {}, false},
       {timed_out, "host.deadline", {}, {}, false},
       {cancelled, "host.cancelled", {}, {}, false},
       {accepted, "platform.throttled", 503, {}, false},
       {refused, "auth.rejected", 401, {}, false},
       {refused, "auth.rejected", 429, 1, false},
       {refused, "perm.missing", 503, {}, false},
       {conflict, "account.mismatch", 503, {}, false},
       {failed, "host.internal", 503, {}, false},
   };
   for (const auto& c : cases) {
      host::CheckReport report;
      report.outcome = c.outcome;
      report.findings.emplace_back().code = c.code;
      report.findings.back().http_status = c.status;
      report.findings.back().retry_after_s = c.retry_after_s;
      EXPECT_EQ(time_to_repeat(report).has_value(), c.again)
          << host::name(c.outcome) << ' ' << c.code << ' ' << c.status.value_or(0);
   }
}

// Forty users of four tenants; the limit is one request at once.
constexpr int kTenants = 4;
constexpr int kUsersEach = 10;

std::string many_users() {
   std::string users;
   for (int i = 0; i < kTenants * kUsersEach; ++i) {
      users += std::string(i == 0 ? "" : ",") + R"({"login":"user)" + std::to_string(i) +
               R"(@msp.example","secret":"Throw$away#1","ci":)" + std::to_string(500 + i / kUsersEach) +
               R"(,"integration_codes":["THROWAWAYTRACKINGIDENTIFIER"],"default_rights":{"all":"All"}})";
   }
   return R"({"thread_limit":1,"latency_ms":20,"users":[)" + users + "]}";
}

// The simulator lets requests for rights pass only four at a time, so that requests of one account that the console
// makes at once do meet there.
TEST_F(CheckAll, no_account_is_asked_by_two_checks_at_once) {
   sql("DELETE FROM integrations");
   {
      const sim::AutotaskSimulator patient([] {
         auto scenario = many_users();
         return scenario.replace(scenario.find("20"), 2, "0");
      }());
      Console console(console_on(patient));
      for (int i = 0; i < kTenants * kUsersEach; ++i) {
         NewIntegration draft;
         draft.platform = "autotask";
         draft.name = "Client " + std::to_string(100 + i);
         draft.settings.values["user_name"] = "user" + std::to_string(i) + "@msp.example";
         draft.settings.secrets["password"] = host::SecretBytes("Throw$away#1");
         draft.settings.secrets["integration_code"] = host::SecretBytes(test::kCode);
         ASSERT_TRUE(console.integrations().add(std::move(draft), {}).integration.saved) << i;
      }
   }
   sim::AutotaskSimulator platform(many_users());
   platform.server().hold_until(kTenants, [](const sim::Request& request) {
      return request.path.find("EntityInformation") != std::string::npos;
   });
   Console console(console_on(platform));
   CheckCounts counts;
   CheckAllOptions options;
   options.each.step_timeout = std::chrono::seconds(20);
   const CheckAllResult result = console.integrations().check_all(
       options, [&](const CheckedIntegration& checked, std::size_t) { counts.add(checked); });
   EXPECT_EQ(counts.sentence(result.enabled, false), "Checked 40 of 40: 40 active.");
   EXPECT_EQ(platform.signed_requests(), 40U) << "none was sent away and had to be made again";

   sim::AutotaskSimulator watched(many_users());
   Console careful(console_on(watched));
   options.parallel = 2;
   std::size_t told = 0;
   careful.integrations().check_all(options, [&](const CheckedIntegration&, std::size_t) { ++told; });
   EXPECT_EQ(told, 40U);
   EXPECT_LE(watched.server().counters().most_under_way, 2U) << "no more at once than was asked for";
}

}  // namespace
