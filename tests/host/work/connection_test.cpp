#include <gmock/gmock.h>
#include <spdlog/details/os.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <functional>
#include <sstream>
#include <thread>

#include "contract/host_table.hpp"
#include "test_support/latch.hpp"
#include "tests/host/contract/scripted_plugin.hpp"

namespace msp::host {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Connection connect(Plugin& plugin) {
   auto checked = check_settings(plugin.manifest(), sample_settings());
   return plugin.connect(std::move(*checked.settings)).value();
}

std::vector<std::string> codes(const OperationReport& report) {
   std::vector<std::string> result;
   for (const auto& finding : report.findings) result.push_back(finding.code);
   return result;
}

// Runs one operation of a plugin that is otherwise well-behaved.
OperationReport run(ScriptedPlugin& script, Operation operation, const OperationOptions& options = {}) {
   const auto plugin = script.load();
   auto connection = connect(*plugin);
   return connection.run(operation, options);
}

// Whether it becomes true in a time in which anything would: a test fails where it would hang.
bool eventually(const std::function<bool()>& condition) {
   const auto end = std::chrono::steady_clock::now() + 20s;
   while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::yield();
   }
   return true;
}

// How long a plugin is waited for that returns only when the test lets it, after `stop` was asked for.
std::chrono::milliseconds waited_for_a_stuck_plugin(bool cancelled) {
   ScriptedPlugin script;
   test_support::Latch released(1);
   std::stop_source cancel;
   std::chrono::steady_clock::time_point asked;
   OperationOptions options;
   options.cancel = cancel.get_token();
   options.timeout = cancelled ? std::chrono::hours(24) : 20ms;
   script.validate = [&](const msp_call*) {
      if (cancelled) {
         asked = std::chrono::steady_clock::now();
         cancel.request_stop();
      }
      released.wait();
      return MSP_UNREACHABLE;
   };
   const auto plugin = script.load();
   std::chrono::milliseconds waited{};
   {
      auto connection = connect(*plugin);
      const auto start = std::chrono::steady_clock::now();
      EXPECT_THAT(codes(connection.run(Operation::validate_credentials, options)),
                  ElementsAre(cancelled ? "host.cancelled" : "host.deadline", "plugin.defect"));
      const auto since = cancelled ? asked : start + options.timeout;
      waited = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - since);
   }
   released.count_down();
   EXPECT_TRUE(eventually([&] { return script.destroyed == 1; }));
   return waited;
}

TEST(Connection, a_stuck_plugin_is_waited_for_less_than_200_ms_after_a_cancel_and_after_the_deadline) {
   for (const bool cancelled : {true, false}) {
      // However busy the machine is, it lets one of these attempts through without a halt.
      auto least = waited_for_a_stuck_plugin(cancelled);
      for (int attempt = 0; attempt < 9 && least >= 200ms; ++attempt)
         least = std::min(least, waited_for_a_stuck_plugin(cancelled));
      EXPECT_LT(least, 200ms) << (cancelled ? "cancel" : "deadline");
      EXPECT_GE(least, 100ms) << "a plugin has a moment to end by itself";
   }
}

TEST(Connection, a_well_behaved_plugin_is_heard_in_full) {
   ScriptedPlugin script;
   const auto plugin = script.load();
   auto connection = connect(*plugin);
   const auto validated = connection.run(Operation::validate_credentials, {});
   EXPECT_EQ(validated.outcome, Outcome::accepted);
   EXPECT_EQ(validated.identity->account, "4711");
   EXPECT_EQ(connection.run(Operation::check_permissions, {}).grants.size(), 3u);
   const auto opened = connection.run(Operation::authenticate, {});
   EXPECT_EQ(opened.session->base_url, "https://api.example.com/");
   EXPECT_EQ(opened.session->headers.at(0).second.view(), "Bearer session-token");
   EXPECT_TRUE(opened.findings.empty());
}

TEST(Connection, the_plugin_destroys_its_side_when_the_connection_goes) {
   ScriptedPlugin script;
   const auto plugin = script.load();
   {
      auto connection = connect(*plugin);
      (void)connection.run(Operation::validate_credentials, {});
      EXPECT_EQ(script.destroyed, 0);
   }
   EXPECT_EQ(script.destroyed, 1);
}

TEST(Connection, settings_and_secrets_are_there_and_unknown_ones_are_not) {
   ScriptedPlugin script;
   script.validate = [](const msp_call* call) {
      EXPECT_STREQ(call->setting(call, "user"), "jane");
      EXPECT_STREQ(call->secret(call, "password"), "correct horse");
      EXPECT_GT(call->remaining_ms(call), 0u);
      return report_identity(call), MSP_ACCEPTED;
   };
   EXPECT_EQ(run(script, Operation::validate_credentials).outcome, Outcome::accepted);
}

TEST(Connection, a_field_that_the_manifest_does_not_name_is_told_and_no_refusal_after_it_counts) {
   const struct {
      const char* (*ask)(const msp_call* call);
      const char* told;
   } cases[] = {
       {[](const msp_call* c) { return c->setting(c, "nonsense"); },
        "asked for the setting \"nonsense\", which its manifest does not name"},
       {[](const msp_call* c) { return c->secret(c, "pasword"); },
        "asked for the secret \"pasword\", which its manifest does not name"},
       {[](const msp_call* c) { return c->setting(c, "password"); },
        "asked for the setting \"password\", which is a secret field"},
       {[](const msp_call* c) { return c->secret(c, "user"); },
        "asked for the secret \"user\", which is no secret field"},
       {[](const msp_call* c) { return c->setting(c, c->secret(c, "password")); },
        "asked for the setting \"[redacted]\", which its manifest does not name"},
       {[](const msp_call* c) { return c->setting(c, nullptr); }, "asked for a field without naming it"},
   };
   for (const auto& c : cases) {
      for (const bool refused : {false, true}) {
         ScriptedPlugin script;
         script.validate = [&](const msp_call* call) -> msp_outcome {
            EXPECT_EQ(c.ask(call), nullptr);
            if (!refused) return report_identity(call), MSP_ACCEPTED;
            report_error(call, "auth.rejected", "The token was refused.");
            return MSP_REFUSED;
         };
         const auto report = run(script, Operation::validate_credentials);
         ASSERT_EQ(report.findings.size(), 1U) << c.told;
         EXPECT_EQ(report.findings[0].code, "plugin.defect");
         EXPECT_EQ(report.findings[0].summary,
                   "The plugin Sample " + std::string(c.told) + ", against rule P22 of the plugin contract.");
         EXPECT_EQ(report.findings[0].severity, refused ? Severity::error : Severity::warning);
         EXPECT_EQ(report.outcome, refused ? Outcome::failed : Outcome::accepted);
      }
   }
}

TEST(Connection, an_operation_hears_why_and_for_whom_it_runs) {
   for (const auto& [rejected, attended, flags] :
        {std::tuple{false, false, 0U}, std::tuple{true, false, MSP_CALL_REJECTED},
         std::tuple{false, true, MSP_CALL_ATTENDED}, std::tuple{true, true, MSP_CALL_REJECTED | MSP_CALL_ATTENDED}}) {
      ScriptedPlugin script;
      std::uint32_t seen = 99;
      script.authenticate = [&](const msp_call* call) {
         seen = call->flags;
         return report_session(call), MSP_ACCEPTED;
      };
      OperationOptions options;
      options.session_rejected = rejected;
      options.attended = attended;
      (void)run(script, Operation::authenticate, options);
      EXPECT_EQ(seen, flags);
   }
}

TEST(Connection, a_plugin_that_logs_without_end_is_cut_after_a_thousand_lines) {
   ScriptedPlugin script;
   std::ostringstream log;
   HostOptions options;
   options.log = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
   options.log->set_level(spdlog::level::trace);
   const auto plugin = script.load(std::move(options));
   const auto& table = make_host_table(script.state->runtime, "sample");
   script.validate = [&](const msp_call* call) {
      for (int i = 0; i < 1003; ++i) table.log(&table, MSP_LOG_INFO, "again");
      return report_identity(call), MSP_ACCEPTED;
   };
   auto connection = connect(*plugin);
   for (int i = 0; i < 2; ++i) {
      log.str("");
      EXPECT_EQ(connection.run(Operation::validate_credentials, {}).outcome, Outcome::accepted);
      const std::string text = log.str();
      std::size_t lines = 0;
      for (auto at = text.find(": again"); at != std::string::npos; at = text.find(": again", at + 1)) ++lines;
      EXPECT_EQ(lines, 1000U);
      EXPECT_THAT(text, testing::HasSubstr("3 more log lines of this operation were left out"));
   }
}

TEST(Connection, a_wait_ends_at_its_time_at_a_cancel_and_at_the_deadline) {
   using namespace std::chrono_literals;
   ScriptedPlugin script;
   std::stop_source cancel;
   script.validate = [&](const msp_call* call) {
      const auto start = std::chrono::steady_clock::now();
      EXPECT_GT(call->wait(call, 20), 0U);
      EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
      std::jthread later([&] { cancel.request_stop(); });
      EXPECT_EQ(call->wait(call, 3'600'000), 0U);
      return report_identity(call), MSP_ACCEPTED;
   };
   OperationOptions options;
   options.timeout = 24h;
   options.cancel = cancel.get_token();
   EXPECT_EQ(run(script, Operation::validate_credentials, options).outcome, Outcome::accepted);

   script.validate = [](const msp_call* call) {
      EXPECT_EQ(call->wait(call, 3'600'000), 0U);
      return report_identity(call), MSP_ACCEPTED;
   };
   options.timeout = 50ms;
   options.cancel = {};
   EXPECT_EQ(run(script, Operation::validate_credentials, options).outcome, Outcome::accepted);
}

TEST(Connection, progress_is_told_redacted) {
   ScriptedPlugin script;
   script.validate = [](const msp_call* call) {
      call->progress(call, "Signing in as jane with correct horse");
      return report_identity(call), MSP_ACCEPTED;
   };
   std::vector<std::string> told;
   OperationOptions options;
   options.on_progress = [&](const std::string& sentence) { told.push_back(sentence); };
   (void)run(script, Operation::validate_credentials, options);
   EXPECT_THAT(told, ElementsAre("Signing in as jane with [redacted]"));
}

TEST(Connection, a_cancel_ends_the_operation_and_is_told) {
   ScriptedPlugin script;
   std::stop_source cancel;
   script.validate = [&](const msp_call* call) {
      cancel.request_stop();
      EXPECT_EQ(call->remaining_ms(call), 0u);
      return MSP_CANCELLED;
   };
   OperationOptions options;
   options.cancel = cancel.get_token();
   const auto report = run(script, Operation::validate_credentials, options);
   EXPECT_EQ(report.outcome, Outcome::cancelled);
   EXPECT_THAT(codes(report), ElementsAre("host.cancelled"));
}

TEST(Connection, a_deadline_ends_the_operation_and_is_told) {
   ScriptedPlugin script;
   script.validate = [](const msp_call* call) {
      EXPECT_TRUE(eventually([&] { return call->remaining_ms(call) == 0; }));
      return MSP_UNREACHABLE;
   };
   OperationOptions options;
   options.timeout = 20ms;
   const auto report = run(script, Operation::validate_credentials, options);
   EXPECT_EQ(report.outcome, Outcome::timed_out);
   ASSERT_THAT(codes(report), ElementsAre("host.deadline"));
   EXPECT_EQ(report.findings[0].summary, "There was no complete answer within 20 ms.");
}

// A refusal that is thrown away would be tried again, and a second failed sign-in brings a lock-out nearer.
TEST(Connection, an_answer_that_comes_after_the_cancel_still_counts) {
   ScriptedPlugin script;
   std::stop_source cancel;
   script.validate = [&](const msp_call* call) {
      cancel.request_stop();
      report_error(call, "auth.rejected", "The platform said no.");
      return MSP_REFUSED;
   };
   OperationOptions options;
   options.cancel = cancel.get_token();
   const auto report = run(script, Operation::validate_credentials, options);
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_THAT(codes(report), ElementsAre("auth.rejected"));
}

TEST(Connection, an_exception_stops_at_the_boundary_and_ends_the_connection) {
   ScriptedPlugin script;
   script.validate = [](const msp_call*) -> msp_outcome { throw std::runtime_error("correct horse"); };
   const auto plugin = script.load();
   auto connection = connect(*plugin);
   const auto report = connection.run(Operation::validate_credentials, {});
   EXPECT_EQ(report.outcome, Outcome::failed);
   ASSERT_THAT(codes(report), ElementsAre("plugin.defect"));
   EXPECT_EQ(report.findings[0].summary,
             "The plugin Sample threw an exception, against rule P4 of the plugin contract.");

   const auto next = connection.run(Operation::authenticate, {});
   EXPECT_EQ(next.outcome, Outcome::failed);
   EXPECT_EQ(next.findings.at(0).summary,
             "The plugin Sample failed in an earlier operation and is not trusted with another.");
   EXPECT_EQ(connect(*plugin).run(Operation::authenticate, {}).outcome, Outcome::accepted);
}

TEST(Connection, a_plugin_that_makes_no_connection_is_a_defect) {
   for (const bool throws : {true, false}) {
      ScriptedPlugin script;
      script.create = [&](const msp_call*) -> msp_outcome {
         if (throws) throw 1;
         return MSP_FAILED;
      };
      const auto plugin = script.load();
      auto checked = check_settings(plugin->manifest(), sample_settings());
      const auto connection = plugin->connect(std::move(*checked.settings));
      ASSERT_FALSE(connection);
      EXPECT_EQ(connection.finding().code, "plugin.defect");
      EXPECT_THAT(connection.finding().summary,
                  HasSubstr(throws ? "threw an exception, against rule P4" : "made no connection, against rule P3"));
   }
}

TEST(Connection, a_plugin_that_ignores_the_cancel_is_left_behind_and_may_return_much_later) {
   ScriptedPlugin script;
   test_support::Latch entered(1);
   test_support::Latch released(1);
   std::stop_source cancel;
   script.validate = [&](const msp_call* call) {
      entered.count_down();
      released.wait();
      // Whatever it does now, nobody listens; but nothing may break.
      EXPECT_STREQ(call->secret(call, "password"), "correct horse");
      call->progress(call, "still here");
      report_identity(call);
      return MSP_ACCEPTED;
   };
   const auto plugin = script.load();
   OperationOptions options;
   options.cancel = cancel.get_token();
   bool told = false;
   options.on_progress = [&](const std::string&) { told = true; };
   {
      auto connection = connect(*plugin);
      std::thread canceller([&] { entered.wait(), cancel.request_stop(); });
      const auto report = connection.run(Operation::validate_credentials, options);
      canceller.join();
      EXPECT_EQ(report.outcome, Outcome::cancelled);
      ASSERT_THAT(codes(report), ElementsAre("host.cancelled", "plugin.defect"));
      EXPECT_EQ(report.findings[1].summary,
                "The plugin Sample did not return when it was told to, against rule P5 of the plugin contract.");
      EXPECT_THAT(report.findings[1].remedy, HasSubstr("Restart the console"));
      EXPECT_EQ(connection.run(Operation::authenticate, {}).outcome, Outcome::failed);
   }
   auto checked = check_settings(plugin->manifest(), sample_settings());
   const auto again = plugin->connect(std::move(*checked.settings));
   ASSERT_FALSE(again);
   EXPECT_THAT(again.finding().remedy, HasSubstr("Restart the console"));

   EXPECT_EQ(script.destroyed, 0) << "its connection is still in use";
   released.count_down();
   EXPECT_TRUE(eventually([&] { return script.destroyed == 1; })) << "by the thread that was left behind, at its end";
   EXPECT_FALSE(told);
}

TEST(Connection, a_call_kept_after_its_operation_is_inert_and_its_secrets_are_wiped) {
   ScriptedPlugin script;
   const msp_call* kept = nullptr;
   const char* kept_secret = nullptr;
   script.validate = [&](const msp_call* call) {
      kept = call;
      kept_secret = call->secret(call, "password");
      return report_identity(call), MSP_ACCEPTED;
   };
   std::ostringstream lines;
   HostOptions options;
   options.log = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_st>(lines));
   const auto plugin = script.load(options);
   auto connection = connect(*plugin);
   EXPECT_EQ(connection.run(Operation::validate_credentials, {}).outcome, Outcome::accepted);

   EXPECT_STREQ(kept_secret, "");
   EXPECT_EQ(kept->secret(kept, "password"), nullptr);
   EXPECT_EQ(kept->remaining_ms(kept), 0u);
   report_error(kept, "auth.rejected", "Too late.");
   EXPECT_TRUE(connection.run(Operation::authenticate, {}).findings.empty());
   EXPECT_THAT(lines.str(), HasSubstr("used a call whose operation had ended (rule P16"));
}

TEST(Connection, log_lines_carry_the_correlation_id_and_no_secret) {
   ScriptedPlugin script;
   script.validate = [](const msp_call* call) {
      call->progress(call, "with correct horse\nand a forged line");
      return report_identity(call), MSP_ACCEPTED;
   };
   std::ostringstream lines;
   HostOptions options;
   options.log = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_st>(lines));
   options.log->set_level(spdlog::level::debug);
   options.log->set_pattern("%v");
   const auto plugin = script.load(options);
   OperationOptions operation;
   operation.correlation_id = "00c0ffee";
   (void)connect(*plugin).run(Operation::validate_credentials, operation);
   EXPECT_THAT(lines.str(), HasSubstr(std::string("[00c0ffee] sample: with [redacted] and a forged line") +
                                      spdlog::details::os::default_eol));
   EXPECT_THAT(lines.str(), HasSubstr("[00c0ffee] sample: validate_credentials: accepted after "));
   EXPECT_THAT(lines.str(), Not(HasSubstr("correct horse")));
}

TEST(Connection, two_connections_of_one_plugin_work_at_once) {
   ScriptedPlugin script;
   test_support::Latch both(2);
   script.validate = [&](const msp_call* call) {
      both.arrive_and_wait();
      return report_identity(call), MSP_ACCEPTED;
   };
   const auto plugin = script.load();
   auto first = connect(*plugin);
   auto second = connect(*plugin);
   std::thread other([&] { EXPECT_EQ(first.run(Operation::validate_credentials, {}).outcome, Outcome::accepted); });
   EXPECT_EQ(second.run(Operation::validate_credentials, {}).outcome, Outcome::accepted);
   other.join();
}

TEST(Connection, operations_on_one_connection_never_overlap) {
   ScriptedPlugin script;
   test_support::Latch first_is_inside(1);
   test_support::Latch another_is_inside(1);
   std::atomic<int> entered{0};
   script.validate = [&](const msp_call* call) {
      if (++entered == 1) {
         first_is_inside.count_down();
         // The others need no more than a moment to come in, where nothing keeps them out.
         EXPECT_FALSE(another_is_inside.wait_for(300ms));
      } else {
         another_is_inside.count_down();
      }
      return report_identity(call), MSP_ACCEPTED;
   };
   const auto plugin = script.load();
   auto connection = connect(*plugin);
   const auto run = [&] { EXPECT_EQ(connection.run(Operation::validate_credentials, {}).outcome, Outcome::accepted); };
   std::vector<std::thread> threads;
   threads.emplace_back(run);
   EXPECT_TRUE(first_is_inside.wait_for(20s));
   for (int i = 0; i < 3; ++i) threads.emplace_back(run);
   for (auto& thread : threads) thread.join();
   EXPECT_EQ(entered, 4);
}

}  // namespace
}  // namespace msp::host
